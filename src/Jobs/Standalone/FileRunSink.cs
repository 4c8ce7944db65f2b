using System.Globalization;
using System.Text.Json;
using Tracker.Domain;

namespace Tracker.Jobs.Standalone;

/// <summary>
/// Tells a run into files: points as JSON lines, the newest checkpoint under one name. Points reach the disk before the checkpoint that
/// covers them takes its name, so a run that goes on from the checkpoint misses none.
/// </summary>
internal sealed class FileRunSink : IRunSink, IDisposable
{
    private readonly FileStream _file;
    private readonly StreamWriter _metrics;
    private readonly string _checkpoint;
    private readonly ProgressLine _progress;

    /// <summary>Opens the metrics for appending.</summary>
    public FileRunSink(string metricsFile, string checkpointFile, ProgressLine progress)
    {
        _file = new FileStream(metricsFile, FileMode.Append, FileAccess.Write, FileShare.Read);
        _metrics = new StreamWriter(_file);
        _checkpoint = checkpointFile;
        _progress = progress;
    }

    /// <inheritdoc/>
    public void Report(in MetricPoint point) =>
        _metrics.Write(string.Create(CultureInfo.InvariantCulture,
            $"{{\"step\":{point.Step},\"epoch\":{point.Epoch:R},\"name\":\"{point.Name}\",\"value\":{point.Value:R},\"wallMs\":{point.WallMs}}}\n"));

    /// <inheritdoc/>
    public void Progress(RunProgress progress)
    {
        _metrics.Flush();
        _progress.Show(progress);
    }

    /// <inheritdoc/>
    public void Checkpoint(CheckpointInfo checkpoint)
    {
        _metrics.Flush();
        _file.Flush(flushToDisk: true);
        File.Move(checkpoint.Path, _checkpoint, overwrite: true);
    }

    /// <inheritdoc/>
    public void Event(EventLevel level, string message) => _progress.Say(message);

    /// <summary>Step and name of the point in a line.</summary>
    public static (long Step, string Name) Parse(string line)
    {
        using var json = JsonDocument.Parse(line);
        return (json.RootElement.GetProperty("step").GetInt64(), json.RootElement.GetProperty("name").GetString()!);
    }

    /// <summary>Writes what is left and closes the file.</summary>
    public void Dispose()
    {
        _progress.Finish();
        _metrics.Dispose();
        _file.Dispose();
    }
}
