using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tracker.Domain;
using Tracker.Jobs.Monitoring;
using Tracker.Training;

namespace Tracker.Jobs.Standalone;

/// <summary>One stand-alone run: its output directory, the files in it, and going on from them.</summary>
/// <param name="spec">What to train.</param>
/// <param name="directory">The output directory.</param>
/// <param name="resume">Whether to go on from the checkpoint in it.</param>
internal sealed class StandaloneRun(RunSpec spec, string directory, bool resume)
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private string ResultFile => Path.Combine(directory, "result.json");

    private string MetricsFile => Path.Combine(directory, "metrics.jsonl");

    private string CheckpointFile => Path.Combine(directory, "checkpoint.safetensors");

    /// <summary>Trains.</summary>
    /// <param name="options">How and where, but for the checkpoint to go on from.</param>
    /// <param name="stop">Ends the training at the next step, with a checkpoint.</param>
    /// <returns>Whether it is done; <see langword="false"/> when it was stopped.</returns>
    public bool Train(TrainingOptions options, CancellationToken stop)
    {
        Directory.CreateDirectory(directory);
        foreach (var leftover in Directory.EnumerateFiles(directory, "checkpoint-*")) File.Delete(leftover);
        if (!resume) File.Delete(CheckpointFile);
        File.Delete(ResultFile);
        var resumes = File.Exists(CheckpointFile);
        CheckpointPosition? position = resumes ? CheckpointStore.ReadPosition(CheckpointFile) : null;
        KeepMetrics(position);

        using var sink = new FileRunSink(MetricsFile, CheckpointFile, new ProgressLine(Console.Error, Console.IsErrorRedirected, TimeProvider.System));
        var result = Train(options with { Resume = resumes ? new(CheckpointFile) : null }, sink, position?.Step, stop);
        if (result is not null) DurableFile.Write(ResultFile, file => file.Write(Encoding.UTF8.GetBytes(Describe(result).ToJsonString(s_json) + "\n")));
        return result is not null;
    }

    private RunResult? Train(TrainingOptions options, FileRunSink sink, long? resumedAt, CancellationToken stop)
    {
        using var measured = new SystemMetricsSink(sink, SystemMetricsSink.MetersOf(options.Device, TimeProvider.System), TimeProvider.System, resumedAt);
        return Trainer.Run(spec, options, measured, stop);
    }

    /// <summary>
    /// Drops what lies beyond the checkpoint, and a line that a killed process left unfinished. The run will report these points again.
    /// </summary>
    private void KeepMetrics(CheckpointPosition? position)
    {
        if (position is not { } kept)
        {
            File.Delete(MetricsFile);
            return;
        }
        if (!File.Exists(MetricsFile)) return;
        var text = File.ReadAllText(MetricsFile);
        var lines = text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(l => kept.Contains(FileRunSink.Parse(l)));
        DurableFile.Write(MetricsFile, file =>
        {
            using var writer = new StreamWriter(file, leaveOpen: true);
            foreach (var line in lines) writer.Write(line + "\n");
        });
    }

    private JsonObject Describe(RunResult result)
    {
        var described = JsonSerializer.SerializeToNode(result, s_json)!.AsObject();
        var plan = RunPlan.For(spec);
        described["spec"] = JsonNode.Parse(spec.ToJson());
        described["plan"] = new JsonObject
        {
            ["stepsPerEpoch"] = plan.StepsPerEpoch,
            ["epochs"] = plan.Epochs,
            ["totalSteps"] = plan.TotalSteps,
            ["initialLearningRate"] = plan.InitialLearningRate,
            ["ghostBatchesPerBatch"] = plan.GhostBatchesPerBatch,
            ["noiseVariance"] = plan.NoiseVariance,
        };
        return described;
    }
}
