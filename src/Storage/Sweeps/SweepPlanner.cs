using Tracker.Domain;
using Tracker.Storage.Database;
using Tracker.Storage.Scheduling;

namespace Tracker.Storage.Sweeps;

/// <summary>A run with its fingerprint, which costs a hash and is needed often.</summary>
internal readonly record struct Experiment(RunSpec Spec, string Fingerprint)
{
    public static IReadOnlyList<Experiment> Of(IReadOnlyList<RunSpec> runs) => [.. runs.Select(r => new Experiment(r, r.Fingerprint()))];
}

/// <summary>Works out what a submission would do.</summary>
internal sealed class SweepPlanner(TrackerDatabase database, RunRates rates)
{
    public async Task<SweepPlan> PlanAsync(SweepSpec sweep, long? ownerId, CancellationToken cancellationToken)
    {
        var expansion = SweepExpander.Expand(sweep);
        var experiments = Experiment.Of(expansion.Runs);
        var device = await ResolveAsync(sweep, cancellationToken);
        var reused = await FindReusableAsync(sweep, experiments, cancellationToken);
        var estimator = await rates.ReadAsync(cancellationToken);

        var newRuns = new List<PlannedRun>();
        var reusedRuns = new List<ReusedRun>();
        foreach (var (run, fingerprint) in experiments)
        {
            if (reused.TryGetValue(fingerprint, out var old)) reusedRuns.Add(old);
            else newRuns.Add(Planned(run, device, estimator));
        }
        var outlook = await database.ReadAsync(session => SweepOutlook.ReadAsync(session, sweep, newRuns, device, ownerId, estimator), cancellationToken);
        return new(sweep, newRuns, reusedRuns, expansion.Refused, outlook.Duration?.Seconds, estimator.Basis(sweep.Network, sweep.Dataset, device))
        {
            Duration = outlook.Duration, Finishes = outlook.Finishes, Warnings = outlook.Warnings,
        };
    }

    /// <summary>The device class that runs get: what was asked for, or for "any" a GPU if only that computes so or a live host offers one.</summary>
    public async Task<DeviceClass> ResolveAsync(SweepSpec sweep, CancellationToken cancellationToken) =>
        sweep.Device != DeviceClass.Any ? sweep.Device
        : sweep.Options.Precision == Precision.Tf32 || await SlotsAsync(DeviceClass.Cuda, cancellationToken) > 0 ? DeviceClass.Cuda : DeviceClass.Cpu;

    /// <summary>Finished runs by fingerprint that stand for runs of the sweep; none when it asks to train again, none that shared a device when seconds matter.</summary>
    public async Task<IReadOnlyDictionary<string, ReusedRun>> FindReusableAsync(SweepSpec sweep, IReadOnlyList<Experiment> experiments, CancellationToken cancellationToken)
    {
        if (sweep.Rerun) return new Dictionary<string, ReusedRun>(StringComparer.Ordinal);
        var specs = experiments.DistinctBy(e => e.Fingerprint, StringComparer.Ordinal).ToDictionary(e => e.Fingerprint, e => e.Spec, StringComparer.Ordinal);
        var found = await database.QueryAsync(
            """
            SELECT DISTINCT ON (r.fingerprint) r.fingerprint, r.id, r.sweep_id, s.name, r.final_accuracy
            FROM runs r JOIN sweeps s ON s.id = r.sweep_id
            WHERE r.fingerprint = ANY(@fingerprints) AND r.state = 'Succeeded' AND NOT r.external AND r.deleted_at IS NULL AND NOT (@timing AND r.shared)
            ORDER BY r.fingerprint, r.id DESC
            """,
            r => (Fingerprint: r.GetString(0), RunId: r.GetInt64(1), SweepId: r.GetInt64(2), SweepName: r.GetString(3), Accuracy: r.GetDouble(4)),
            cancellationToken, ("fingerprints", specs.Keys.ToArray()), ("timing", sweep.Placement.Timing));
        return found.ToDictionary(
            f => f.Fingerprint, f => new ReusedRun(specs[f.Fingerprint], f.RunId, f.SweepId, f.SweepName, f.Accuracy), StringComparer.Ordinal);
    }

    private async Task<int> SlotsAsync(DeviceClass device, CancellationToken cancellationToken) => (await database.QueryAsync(
        $"""
         SELECT coalesce(sum((d->>'slots')::integer), 0)::integer
         FROM hosts h CROSS JOIN jsonb_array_elements(h.devices) AS d
         WHERE NOT draining AND {ClusterReader.Heard} AND d->>'class' = @device
         """,
        r => r.GetInt32(0), cancellationToken, ("lost", HostView.LostAfter), ("device", device.ToString())))[0];

    private static PlannedRun Planned(RunSpec run, DeviceClass device, DurationEstimator estimator)
    {
        var plan = RunPlan.For(run);
        var estimate = estimator.Estimate(run.Network, run.Dataset, device, run.Batch, (double)plan.TotalSteps * run.Batch);
        return new(run, plan, estimate?.Seconds) { Duration = estimate };
    }
}
