using System.Text.Json;
using System.Text.Json.Nodes;
using Tracker.Domain;
using Tracker.Storage;

namespace Tracker.Jobs.Child;

/// <summary>
/// What a host tells its child on the first line of its standard input, so that a child can start while Postgres is away.
/// </summary>
/// <param name="Started">The attempt to train.</param>
/// <param name="DataDirectory">Where the host keeps its data, as an absolute path.</param>
/// <param name="CheckpointInterval">Time between two checkpoints.</param>
/// <param name="MayDownload">Whether a missing data set may be downloaded.</param>
internal sealed record ChildOrder(StartedAttempt Started, string DataDirectory, TimeSpan CheckpointInterval, bool MayDownload = false)
{
    /// <summary>The order as one line of JSON.</summary>
    public string ToLine()
    {
        var order = new JsonObject
        {
            ["runId"] = Started.RunId,
            ["attempt"] = Started.Attempt,
            ["dataDirectory"] = DataDirectory,
            ["checkpointSeconds"] = CheckpointInterval.TotalSeconds,
            ["mayDownload"] = MayDownload,
            ["device"] = Started.Device,
            ["spec"] = Started.Spec.ToJson(),
        };
        if (Started.Checkpoint is { } checkpoint)
        {
            order["checkpoint"] = new JsonObject
            {
                ["step"] = checkpoint.Step, ["path"] = checkpoint.Path, ["sha256"] = checkpoint.Sha256, ["bytes"] = checkpoint.Bytes,
            };
        }
        return order.ToJsonString();
    }

    /// <summary>Reads an order.</summary>
    /// <exception cref="JsonException">The line is none.</exception>
    public static ChildOrder Parse(string line)
    {
        using var document = JsonDocument.Parse(line);
        var order = document.RootElement;
        var checkpoint = order.TryGetProperty("checkpoint", out var c)
            ? new CheckpointInfo(
                c.GetProperty("step").GetInt64(), c.GetProperty("path").GetString()!, c.GetProperty("sha256").GetString()!, c.GetProperty("bytes").GetInt64())
            : null;
        var started = new StartedAttempt(
            order.GetProperty("runId").GetInt64(), order.GetProperty("attempt").GetInt32(),
            SpecReader.ReadRun(order.GetProperty("spec").GetString()!), checkpoint, order.GetProperty("device").GetString()!);
        return new(started, order.GetProperty("dataDirectory").GetString()!, TimeSpan.FromSeconds(order.GetProperty("checkpointSeconds").GetDouble()),
            order.GetProperty("mayDownload").GetBoolean());
    }
}
