using Tracker.Domain;
using Tracker.Storage;

namespace Tracker.Web.Tests.Views;

/// <summary>Hosts as storage would show them.</summary>
internal static class SampleHosts
{
    public static HostView With(IReadOnlyList<HostDevice> devices, params IReadOnlyList<RunView> runs) =>
        new(1, "gpu-1", HostState.Up, "1.0", 42, devices, SampleRuns.Now.AddHours(-1), SampleRuns.Now, runs);

    /// <summary>A run on a device.</summary>
    public static RunView RunOn(string device) =>
        SampleRuns.Of("""{ "network": "f1", "dataset": "fashion-mnist", "smallBatch": 128, "methods": ["sb"] }""")[0] with { State = RunState.Running, HostName = "gpu-1", Device = device };
}
