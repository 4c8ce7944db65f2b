using NpgsqlTypes;
using Tracker.Domain;
using Tracker.Storage.Database;

namespace Tracker.Storage.Sweeps;

/// <summary>Inserts sweeps with their runs.</summary>
internal static class SweepSubmission
{
    /// <summary>Inserts a sweep with its runs and queues those that are not reused; of the latter those that somebody has deleted by now are trained again.</summary>
    public static async Task<long> InsertAsync(
        DbSession session, SweepSpec sweep, IReadOnlyList<Experiment> experiments, IReadOnlyDictionary<string, ReusedRun> found, DeviceClass device, long? ownerId,
        DurationEstimator estimator)
    {
        var reused = await KeepAsync(session, found);
        var sweepId = await InsertSweepAsync(session, sweep, ownerId);
        var own = experiments.Where(e => !reused.ContainsKey(e.Fingerprint)).ToList();
        var ids = await session.QueryAsync(
            "SELECT nextval(pg_get_serial_sequence('runs', 'id')) FROM generate_series(1, @count)", r => r.GetInt64(0), ("count", own.Count));
        await CopyRunsAsync(session, sweepId, sweep, own.Zip(ids).ToList(), device, ownerId, estimator);
        var ownIds = new Queue<long>(ids);
        var shown = experiments.Select(e => reused.TryGetValue(e.Fingerprint, out var old) ? (old.RunId, Reused: true) : (RunId: ownIds.Dequeue(), Reused: false));
        await CopyShownAsync(session, sweepId, shown);
        if (own.Count > 0) session.Changed(ChangeKind.Queue, 0);
        session.Changed(ChangeKind.Sweep, sweepId);
        return sweepId;
    }

    /// <summary>Has finished runs stay until the sweep shows them, in the order of all locks on runs.</summary>
    private static async Task<IReadOnlyDictionary<string, ReusedRun>> KeepAsync(DbSession session, IReadOnlyDictionary<string, ReusedRun> found)
    {
        if (found.Count == 0) return found;
        var kept = (await session.QueryAsync(
            "SELECT id FROM runs WHERE id = ANY(@runs) AND deleted_at IS NULL ORDER BY id FOR KEY SHARE", r => r.GetInt64(0), ("runs", found.Values.Select(f => f.RunId).ToArray()))).ToHashSet();
        return found.Where(f => kept.Contains(f.Value.RunId)).ToDictionary(StringComparer.Ordinal);
    }

    private static async Task<long> InsertSweepAsync(DbSession session, SweepSpec sweep, long? ownerId) => await session.FirstAsync(
        """
        INSERT INTO sweeps (name, spec, priority, max_parallel, owner_id)
        VALUES (@name, @spec::jsonb, @priority, @limit, @owner) RETURNING id
        """,
        r => r.GetInt64(0),
        ("name", sweep.Name), ("spec", sweep.ToJson()), ("priority", sweep.Priority.ToString()), ("limit", sweep.MaxParallel), ("owner", ownerId));

    private static async Task CopyRunsAsync(
        DbSession session, long sweepId, SweepSpec sweep, IReadOnlyList<(Experiment Experiment, long Id)> runs, DeviceClass device, long? ownerId,
        DurationEstimator estimator)
    {
        await using var copy = await session.Connection.BeginBinaryImportAsync(
            """
            COPY runs (id, sweep_id, owner_id, spec, fingerprint, network, dataset, method, table_column, batch, small_batch, ghost_batch,
              seed, epochs, train_examples, learning_rate, weight_decay, momentum, clip, scaling, noise_variance, options, variant, device, device_class,
              priority, total_steps, timing, labels, memory_bytes, expected_seconds)
            FROM STDIN (FORMAT BINARY)
            """, session.CancellationToken);
        foreach (var (experiment, id) in runs)
        {
            await copy.StartRowAsync(session.CancellationToken);
            foreach (var (value, type) in Columns(experiment.Spec, experiment.Fingerprint, id, sweepId, sweep, device, ownerId, estimator))
            {
                if (value is null) await copy.WriteNullAsync(session.CancellationToken);
                else await copy.WriteAsync(value, type, session.CancellationToken);
            }
        }
        await copy.CompleteAsync(session.CancellationToken);
    }

    private static IEnumerable<(object? Value, NpgsqlDbType Type)> Columns(
        RunSpec spec, string fingerprint, long id, long sweepId, SweepSpec sweep, DeviceClass device, long? ownerId, DurationEstimator estimator)
    {
        var plan = RunPlan.For(spec);
        var estimate = estimator.Estimate(spec.Network, spec.Dataset, device, spec.Batch, (double)plan.TotalSteps * spec.Batch);
        return
        [
            (id, NpgsqlDbType.Bigint), (sweepId, NpgsqlDbType.Bigint), (ownerId, NpgsqlDbType.Bigint),
            (spec.ToJson(), NpgsqlDbType.Jsonb), (fingerprint, NpgsqlDbType.Text),
            (spec.Network, NpgsqlDbType.Text), (spec.Dataset, NpgsqlDbType.Text), (spec.Method.ToString(), NpgsqlDbType.Text),
            ((short?)spec.Method.TableColumn, NpgsqlDbType.Smallint),
            (spec.Batch, NpgsqlDbType.Integer), (spec.SmallBatch, NpgsqlDbType.Integer), (spec.GhostBatch, NpgsqlDbType.Integer),
            (spec.Seed, NpgsqlDbType.Integer), (spec.Epochs, NpgsqlDbType.Integer), (spec.TrainExamples, NpgsqlDbType.Integer),
            (spec.Parameters.LearningRate, NpgsqlDbType.Double), (spec.Parameters.WeightDecay, NpgsqlDbType.Double),
            (spec.Parameters.Momentum, NpgsqlDbType.Double), (spec.Parameters.Clip, NpgsqlDbType.Double),
            (spec.Parameters.Scaling.ToString(), NpgsqlDbType.Text), (spec.Parameters.NoiseVariance, NpgsqlDbType.Double),
            (spec.OptionsJson(), NpgsqlDbType.Jsonb), (spec.Variant(), NpgsqlDbType.Text),
            (spec.Device.ToString(), NpgsqlDbType.Text), (device.ToString(), NpgsqlDbType.Text),
            (sweep.Priority.ToString(), NpgsqlDbType.Text), (plan.TotalSteps, NpgsqlDbType.Bigint),
            (sweep.Placement.Timing, NpgsqlDbType.Boolean), (sweep.Placement.Labels.ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text),
            (SweepOutlook.MemoryOf(sweep), NpgsqlDbType.Bigint), (SweepOutlook.ExpectedSeconds(estimate, plan, spec.Batch), NpgsqlDbType.Double),
        ];
    }

    private static async Task CopyShownAsync(DbSession session, long sweepId, IEnumerable<(long RunId, bool Reused)> shown)
    {
        await using var copy = await session.Connection.BeginBinaryImportAsync(
            "COPY sweep_runs (sweep_id, run_id, ordinal, reused) FROM STDIN (FORMAT BINARY)", session.CancellationToken);
        foreach (var (ordinal, (runId, reused)) in shown.Index())
        {
            await copy.StartRowAsync(session.CancellationToken);
            await copy.WriteAsync(sweepId, NpgsqlDbType.Bigint, session.CancellationToken);
            await copy.WriteAsync(runId, NpgsqlDbType.Bigint, session.CancellationToken);
            await copy.WriteAsync(ordinal, NpgsqlDbType.Integer, session.CancellationToken);
            await copy.WriteAsync(reused, NpgsqlDbType.Boolean, session.CancellationToken);
        }
        await copy.CompleteAsync(session.CancellationToken);
    }
}
