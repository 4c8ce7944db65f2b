using System.Globalization;
using Tracker.Domain;
using Tracker.Storage.Database;
using Tracker.Storage.Scheduling;

namespace Tracker.Storage.Sweeps;

/// <summary>What would become of a sweep's runs if they were queued now.</summary>
/// <param name="Duration">How long they take by themselves.</param>
/// <param name="Finishes">When the last is done behind what waits already.</param>
/// <param name="Warnings">Why some would not start, or may not end well.</param>
internal sealed record SweepOutlook(DurationEstimate? Duration, MomentEstimate? Finishes, IReadOnlyList<string> Warnings)
{
    public static async Task<SweepOutlook> ReadAsync(
        DbSession session, SweepSpec sweep, IReadOnlyList<PlannedRun> runs, DeviceClass device, long? ownerId, DurationEstimator estimator)
    {
        if (runs.Count == 0) return new(new(0, 0, 0), null, []);
        var state = await ClusterReader.StateAsync(session);
        // Neither the runs nor the sweep have a number yet: negative ones are nobody else's.
        var added = runs.Select((r, i) => Waiting(sweep, r, -1 - i, device, ownerId ?? 0)).ToList();
        var durations = runs.Index().Where(r => r.Item.Duration is not null).ToDictionary(r => -1L - r.Index, r => r.Item.Duration!);
        if (sweep.MaxParallel is { } most) state = state with { MaxParallel = new Dictionary<long, int>(state.MaxParallel) { [NewSweep] = most } };

        var alone = QueueForecast.Of(state with { Held = [] }, added, durations);
        var waiting = await ClusterReader.AllWaitingAsync(session);
        var known = new Dictionary<long, DurationEstimate>(WaitingWork.Estimate(await WaitingWork.ReadAsync(session), estimator));
        foreach (var (id, estimate) in durations) known[id] = estimate;
        var behind = waiting.Count == 0 && state.Held.Count == 0 ? alone : QueueForecast.Of(state, [.. waiting, .. added], known);
        var own = behind.Places.Where(p => p.RunId < 0).ToList();
        return new(
            alone.Empty is { } end ? Since(state.Now, end) : OneByOne(durations, runs.Count),
            own.Exists(p => p.Finishes is null) ? null : Last(own),
            [.. own.Where(p => p.Reason == QueueReason.NoHost).Select(p => p.Explanation).Distinct(StringComparer.Ordinal), .. TightMemory(state, sweep, runs, device, estimator)]);
    }

    private const long NewSweep = -1;

    private static WaitingRun Waiting(SweepSpec sweep, PlannedRun run, long id, DeviceClass device, long ownerId) => new(
        id, NewSweep, ownerId, sweep.Priority, device, long.MaxValue + id, ExpectedSeconds(run.Duration, run.Plan, run.Spec.Batch), sweep.Placement.Timing,
        MemoryOf(sweep) ?? 0, sweep.Placement.Labels, NotBefore: null);

    /// <summary>Seconds to order runs by: estimated, or a guess.</summary>
    public static double ExpectedSeconds(DurationEstimate? estimate, RunPlan plan, int batch) =>
        estimate?.Seconds ?? DurationEstimator.Guess((double)plan.TotalSteps * batch, plan.TotalSteps);

    /// <summary>
    /// Device memory that runs must have, if stated. What like runs took is no such demand: a run that finds less takes its batches in
    /// smaller pieces.
    /// </summary>
    public static long? MemoryOf(SweepSpec sweep) => sweep.Placement.DeviceMemoryGb is { } stated ? (long)(stated * 1e9) : null;

    private static IEnumerable<string> TightMemory(ClusterState state, SweepSpec sweep, IReadOnlyList<PlannedRun> runs, DeviceClass device, DurationEstimator estimator)
    {
        var largest = state.Hosts.SelectMany(h => h.Devices).Where(d => d.Class == device).Select(d => d.MemoryBytes).DefaultIfEmpty().Max();
        var taken = runs.Max(r => estimator.PeakMemory(r.Spec.Network, r.Spec.Dataset, device, r.Spec.Batch)) ?? 0;
        if (sweep.Placement.DeviceMemoryGb is null && largest > 0 && taken > largest)
        {
            yield return string.Create(CultureInfo.InvariantCulture,
                $"Like runs took up to {taken / 1e9:0.#} GB; the largest device of a present host has {largest / 1e9:0.#} GB. With less they are slower, or fail.");
        }
    }

    private static DurationEstimate Since(DateTimeOffset now, MomentEstimate end) =>
        new((end.Expected - now).TotalSeconds, (end.Earliest - now).TotalSeconds, (end.Latest - now).TotalSeconds);

    /// <summary>While no host is up that could take them: as if there were one slot.</summary>
    private static DurationEstimate? OneByOne(Dictionary<long, DurationEstimate> durations, int runs) =>
        durations.Count < runs ? null : new(durations.Values.Sum(d => d.Seconds), durations.Values.Sum(d => d.Low), durations.Values.Sum(d => d.High));

    private static MomentEstimate Last(IReadOnlyList<QueuePlace> places) =>
        new(places.Max(p => p.Finishes!.Expected), places.Max(p => p.Finishes!.Earliest), places.Max(p => p.Finishes!.Latest));
}
