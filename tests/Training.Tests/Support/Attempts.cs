using Tracker.Domain;
using static TorchSharp.torch;

namespace Tracker.Training.Tests;

/// <summary>Trains runs, in one go or in several attempts, on one thread.</summary>
internal sealed class Attempts(string directory, Func<RunSpec, Device, TrainingData> load)
{
    /// <summary>Samples processed at once in attempts that do not resume; those that do process whole batches.</summary>
    public int? MicroBatch { get; init; }

    public RunResult? Train(RunSpec spec, RecordingSink sink, ResumePoint? resume = null, TimeSpan? interval = null, CancellationToken stop = default) =>
        Trainer.Run(
            spec,
            new TrainingOptions
            {
                CheckpointDirectory = directory, Threads = 1, Resume = resume, MicroBatch = resume is null ? MicroBatch : null,
                CheckpointInterval = interval ?? TimeSpan.FromHours(1),
            },
            sink, device => load(spec, device), stop);

    /// <summary>Trains in several attempts, the points of each cut at its checkpoint as a job host would.</summary>
    public (RunResult Result, List<MetricPoint> Points) TrainInterrupted(RunSpec spec, Func<long, IEnumerable<long>> stops)
    {
        var points = new List<MetricPoint>();
        ResumePoint? resume = null;
        foreach (var at in stops(RunPlan.For(spec).TotalSteps))
        {
            using var stop = new CancellationTokenSource();
            var sink = new RecordingSink { OnCheckpoint = c => { if (c.Step >= at) stop.Cancel(); } };
            var result = Train(spec, sink, resume, TimeSpan.Zero, stop.Token);
            points.AddRange(sink.Points);
            if (result is not null) return (result, points);
            var last = sink.Checkpoints[^1];
            resume = new(last.Path, last.Sha256);
        }
        var final = new RecordingSink();
        var finished = Train(spec, final, resume).ShouldNotBeNull();
        return (finished, [.. points, .. final.Points]);
    }
}
