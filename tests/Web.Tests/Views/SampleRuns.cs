using Tracker.Domain;
using Tracker.Storage;

namespace Tracker.Web.Tests.Views;

/// <summary>Queued runs of a sweep, as storage would show them.</summary>
internal static class SampleRuns
{
    public static readonly DateTimeOffset Now = new(2026, 3, 12, 12, 0, 0, TimeSpan.Zero);

    public static IReadOnlyList<RunView> Of(string sweep)
    {
        var spec = SpecReader.ReadSweep(sweep);
        return [.. SweepExpander.Expand(spec).Runs.Select((run, i) => new RunView(
            i + 1, 1, spec.Name, run, run.Fingerprint(), RunState.Queued, Now, RunWish.None, Priority.Normal, DeviceClass.Cpu, 0, null, null, null, null, null,
            null, null, "", [], Now, null, null, null, HostLost: false))];
    }
}
