using Tracker.Storage;
using Tracker.Web.Components.Parts;
using Tracker.Web.Formatting;

namespace Tracker.Web.Views;

/// <summary>What pages say and draw about a host.</summary>
public static class HostLooks
{
    public static StateLook Look(this HostState state) => state switch
    {
        HostState.Up => StateLook.Succeeded,
        HostState.Draining => StateLook.Paused,
        HostState.Lost => StateLook.Lost,
        HostState.Stopped => StateLook.Cancelled,
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "Expected a host state."),
    };

    /// <summary>Hosts that take runs first, then those that need a look, by name.</summary>
    public static IEnumerable<HostView> InOrder(this IEnumerable<HostView> hosts) =>
        hosts.OrderBy(host => Array.IndexOf(s_order, host.State)).ThenBy(host => host.Name, StringComparer.Ordinal);

    /// <summary>"2 × NVIDIA H100, 80 GB", "Intel Xeon, 16 cores, 64 GB": equal devices together.</summary>
    public static string Hardware(this HostView host) => string.Join(", ", host.Devices
        .GroupBy(device => (device.Model, device.MemoryBytes, device.Cores))
        .Select(same => (same.Count() > 1 ? $"{same.Count()} × " : "") + (same.Key.Cores > 0 ? Numbers.Of(same.Key.Cores, "core") : same.Key.Model) + Memory(same.Key.MemoryBytes)));

    /// <summary>One device in words: "NVIDIA H100, 80 GB" or "Intel Xeon, 16 cores, 64 GB".</summary>
    public static string Hardware(this HostDevice device) =>
        device.Model + (device.Cores > 0 ? $", {Numbers.Of(device.Cores, "core")}" : "") + Memory(device.MemoryBytes);

    /// <summary>What the host's state means for it and its runs, in one sentence; nothing for one that is up.</summary>
    public static string? Meaning(this HostView host, DateTimeOffset now) => (host.State, host.Runs.Count) switch
    {
        (HostState.Lost, 0) => $"Not heard of for {Durations.Rough(now - host.HeartbeatAt)}. Its runs went back to the queue and go on elsewhere from their checkpoints.",
        (HostState.Lost, var runs) => $"Not heard of for {Durations.Rough(now - host.HeartbeatAt)}. {Numbers.Of(runs, "run")} {(runs == 1 ? "goes" : "go")} back to the queue in a moment.",
        (HostState.Draining, 0) => "It is empty and takes no runs.",
        (HostState.Draining, var runs) => $"It takes no more runs; {Numbers.Of(runs, "run")} {(runs == 1 ? "writes a checkpoint and goes" : "write checkpoints and go")} back to the queue.",
        (HostState.Stopped, _) => "It ended in order and takes no runs until it is started again.",
        _ => null,
    };

    private static readonly HostState[] s_order = [HostState.Up, HostState.Draining, HostState.Lost, HostState.Stopped];

    private static string Memory(long bytes) => bytes > 0 ? $", {Math.Round(bytes / 1e9)} GB" : "";
}
