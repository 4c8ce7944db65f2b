using System.Globalization;
using Tracker.Domain;
using Tracker.Storage.Database;

namespace Tracker.Storage.Sweeps;

/// <summary>A run with its fingerprint, which costs a hash and is needed often.</summary>
internal readonly record struct Experiment(RunSpec Spec, string Fingerprint)
{
    public static IReadOnlyList<Experiment> Of(IReadOnlyList<RunSpec> runs) => [.. runs.Select(r => new Experiment(r, r.Fingerprint()))];
}

/// <summary>Works out what a submission would do.</summary>
internal sealed class SweepPlanner(TrackerDatabase database)
{
    private const string LiveHosts = "stopped_at IS NULL AND NOT draining AND heartbeat_at > now() - @lost";

    public async Task<SweepPlan> PlanAsync(SweepSpec sweep, CancellationToken cancellationToken)
    {
        var expansion = SweepExpander.Expand(sweep);
        var experiments = Experiment.Of(expansion.Runs);
        var device = await ResolveAsync(sweep, cancellationToken);
        var reused = await FindReusableAsync(sweep, experiments, cancellationToken);
        var rates = await MeasuredAsync(sweep.Network, device, cancellationToken);
        var slots = await SlotsAsync(device, cancellationToken);

        var newRuns = new List<PlannedRun>();
        var reusedRuns = new List<ReusedRun>();
        foreach (var (run, fingerprint) in experiments)
        {
            if (reused.TryGetValue(fingerprint, out var old)) reusedRuns.Add(old);
            else newRuns.Add(Planned(run, rates));
        }
        var parallel = Math.Min(Math.Max(1, slots), sweep.MaxParallel ?? int.MaxValue);
        return new(sweep, newRuns, reusedRuns, expansion.Refused, TotalSeconds(newRuns, parallel), Basis(sweep, device, rates, parallel));
    }

    /// <summary>The device class that runs get: what was asked for, or for "any" a GPU if only that computes so or a live host offers one.</summary>
    public async Task<DeviceClass> ResolveAsync(SweepSpec sweep, CancellationToken cancellationToken) =>
        sweep.Device != DeviceClass.Any ? sweep.Device
        : sweep.Options.Precision == Precision.Tf32 || await SlotsAsync(DeviceClass.Cuda, cancellationToken) > 0 ? DeviceClass.Cuda : DeviceClass.Cpu;

    /// <summary>Finished runs by fingerprint that stand for runs of the sweep; none when it asks to train again.</summary>
    public async Task<IReadOnlyDictionary<string, ReusedRun>> FindReusableAsync(SweepSpec sweep, IReadOnlyList<Experiment> experiments, CancellationToken cancellationToken)
    {
        if (sweep.Rerun) return new Dictionary<string, ReusedRun>(StringComparer.Ordinal);
        var specs = experiments.DistinctBy(e => e.Fingerprint, StringComparer.Ordinal).ToDictionary(e => e.Fingerprint, e => e.Spec, StringComparer.Ordinal);
        var found = await database.QueryAsync(
            """
            SELECT DISTINCT ON (r.fingerprint) r.fingerprint, r.id, r.sweep_id, s.name, r.final_accuracy
            FROM runs r JOIN sweeps s ON s.id = r.sweep_id
            WHERE r.fingerprint = ANY(@fingerprints) AND r.state = 'Succeeded'
            ORDER BY r.fingerprint, r.id DESC
            """,
            r => (Fingerprint: r.GetString(0), RunId: r.GetInt64(1), SweepId: r.GetInt64(2), SweepName: r.GetString(3), Accuracy: r.GetDouble(4)),
            cancellationToken, ("fingerprints", specs.Keys.ToArray()));
        return found.ToDictionary(
            f => f.Fingerprint, f => new ReusedRun(specs[f.Fingerprint], f.RunId, f.SweepId, f.SweepName, f.Accuracy), StringComparer.Ordinal);
    }

    /// <summary>Samples per second by batch: of finished runs with evaluation included, of running ones as they report.</summary>
    private Task<List<(int Batch, double Rate, int Runs)>> MeasuredAsync(string network, DeviceClass device, CancellationToken cancellationToken) =>
        database.QueryAsync(
            """
            WITH measured AS (
              SELECT batch,
                CASE WHEN state = 'Succeeded'
                  THEN (result->>'epochs')::double precision * (train_examples - coalesce((options->>'validationExamples')::integer, 0))
                    / nullif((result->>'trainSeconds')::double precision + (result->>'evalSeconds')::double precision, 0)
                  ELSE samples_per_second
                END AS rate
              FROM runs
              WHERE network = @network AND device_class = @device AND state IN ('Succeeded', 'Running')
              ORDER BY id DESC LIMIT 1000
            )
            SELECT batch, avg(rate), count(*)::integer FROM measured WHERE rate > 0 GROUP BY batch
            """,
            r => (r.GetInt32(0), r.GetDouble(1), r.GetInt32(2)), cancellationToken, ("network", network), ("device", device.ToString()));

    private async Task<int> SlotsAsync(DeviceClass device, CancellationToken cancellationToken) => (await database.QueryAsync(
        $"""
         SELECT coalesce(sum((d->>'slots')::integer), 0)::integer
         FROM hosts h CROSS JOIN jsonb_array_elements(h.devices) AS d
         WHERE {LiveHosts} AND d->>'class' = @device
         """,
        r => r.GetInt32(0), cancellationToken, ("lost", HostView.LostAfter), ("device", device.ToString())))[0];

    private static PlannedRun Planned(RunSpec run, List<(int Batch, double Rate, int Runs)> rates)
    {
        var plan = RunPlan.For(run);
        return new(run, plan, Nearest(rates, run.Batch) is { } rate ? (double)plan.Epochs * run.TrainingSplit / rate : null);
    }

    private static double? Nearest(List<(int Batch, double Rate, int Runs)> rates, int batch) =>
        rates.Count == 0 ? null : rates.MinBy(r => Math.Abs(Math.Log((double)r.Batch / batch))).Rate;

    /// <summary>The work divided by what trains at once, but never less than the longest run.</summary>
    private static double? TotalSeconds(List<PlannedRun> runs, int parallel) =>
        runs.Exists(r => r.EstimatedSeconds is null) ? null
        : runs.Count == 0 ? 0
        : Math.Max(runs.Sum(r => r.EstimatedSeconds!.Value) / parallel, runs.Max(r => r.EstimatedSeconds!.Value));

    private static string? Basis(SweepSpec sweep, DeviceClass device, List<(int Batch, double Rate, int Runs)> rates, int parallel)
    {
        if (rates.Count == 0) return null;
        var network = Catalogue.FindNetwork(sweep.Network)?.Title ?? sweep.Network;
        var runs = rates.Sum(r => r.Runs);
        var batches = string.Join(", ", rates.Select(r => r.Batch).Order().Select(b => b.ToString(CultureInfo.InvariantCulture)));
        return $"Measured on {runs} {(runs == 1 ? "run" : "runs")} of {network} on {device.ToString().ToLowerInvariant()} at batch {batches}; {parallel} at once.";
    }
}
