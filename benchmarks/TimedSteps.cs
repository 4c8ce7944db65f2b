using System.Diagnostics;
using System.Text.Json;
using Tracker.Domain;
using Tracker.Training;

namespace Tracker.Benchmarks;

/// <summary>What a process tells of the steps that it timed, ours and the PyTorch script alike.</summary>
/// <param name="Steps">How many.</param>
/// <param name="Seconds">On the clock.</param>
/// <param name="CpuSeconds">Of all cores together, user and system.</param>
internal sealed record StepTimes(long Steps, double Seconds, double CpuSeconds);

/// <summary>
/// A process of its own that trains as the product does, times some steps and ends. The trainer tells how far it is about twice a second
/// and before each evaluation, so the window may be a little longer than was asked for.
/// </summary>
internal sealed class TimedSteps(long warmUp, long steps, CancellationTokenSource stop) : IRunSink
{
    private readonly Process _self = Process.GetCurrentProcess();
    private (long Step, long Time, TimeSpan Cpu)? _start;

    /// <summary>The times, once the steps are done.</summary>
    public StepTimes? Times { get; private set; }

    /// <summary>Trains and prints the times as JSON.</summary>
    public static int Run(string specification, int threads, long warmUp, long steps)
    {
        var directory = Directory.CreateTempSubdirectory("tracker-bench-").FullName;
        try
        {
            using var stop = new CancellationTokenSource();
            var sink = new TimedSteps(warmUp, steps, stop);
            Trainer.Run(SpecReader.ReadRun(specification), new TrainingOptions { CheckpointDirectory = directory, Threads = threads }, sink, stop.Token);
            Console.WriteLine(JsonSerializer.Serialize(sink.Times ?? throw new InvalidOperationException("The run ended before its steps were timed."), JsonSerializerOptions.Web));
            return 0;
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    public void Progress(RunProgress progress)
    {
        if (progress.Step < warmUp || Times is not null) return;
        _self.Refresh();
        var (time, cpu) = (Stopwatch.GetTimestamp(), _self.TotalProcessorTime);
        if (_start is not { } start)
        {
            _start = (progress.Step, time, cpu);
            return;
        }
        if (progress.Step - start.Step < steps) return;
        Times = new(progress.Step - start.Step, Stopwatch.GetElapsedTime(start.Time, time).TotalSeconds, (cpu - start.Cpu).TotalSeconds);
        stop.Cancel();
    }

    public void Report(in MetricPoint point)
    {
    }

    public void Checkpoint(CheckpointInfo checkpoint)
    {
    }

    public void Event(EventLevel level, string message)
    {
    }
}
