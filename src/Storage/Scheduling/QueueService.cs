using Microsoft.EntityFrameworkCore;
using Tracker.Domain;
using Tracker.Storage.Database;
using Tracker.Storage.Model;
using Tracker.Storage.Runs;

namespace Tracker.Storage.Scheduling;

/// <inheritdoc cref="IQueue" />
internal sealed class QueueService(TrackerDatabase database, IDbContextFactory<TrackerDbContext> contexts, RunRates rates, TimeProvider clock) : IQueue, IDisposable
{
    /// <summary>How long a forecast may be shown while the queue itself has not changed: only its times age.</summary>
    private static readonly TimeSpan s_age = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _one = new(1);
    private Forecast? _forecast;

    /// <summary>What tells one state of the queue from another without reading it all.</summary>
    private readonly record struct Stamp(long Queued, long Assigned, long LastPosition, double Expected, long Priorities, DateTimeOffset Since);

    private sealed record Forecast(
        Stamp Stamp, long MadeAt, IReadOnlyList<QueuePlace> Places, IReadOnlyDictionary<long, QueuePlace> ByRun, MomentEstimate? Empty,
        IReadOnlyList<OwnerShare> Shares, IReadOnlyList<UnplacedRuns> Unplaced, IReadOnlyDictionary<long, Kin> Kin, IReadOnlyList<WaitingSweep> Sweeps);

    /// <summary>What runs are filtered by.</summary>
    private readonly record struct Kin(long SweepId, DeviceClass Device)
    {
        public bool Passes(QueueFilter filter) => (filter.SweepId ?? SweepId) == SweepId && (filter.Device ?? Device) == Device;
    }

    public async Task<QueueView> ReadAsync(QueueFilter filter, int limit, int offset, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var forecast = await ForecastAsync(cancellationToken);
        IReadOnlyList<QueuePlace> matching = filter == new QueueFilter() ? forecast.Places : [.. forecast.Places.Where(p => forecast.Kin[p.RunId].Passes(filter))];
        var places = matching.Skip(offset).Take(limit).ToList();
        var ids = places.Select(p => p.RunId).ToArray();
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var shown = await context.Set<RunRow>().Where(r => ids.Contains(r.Id)).ForView().ToListAsync(cancellationToken);
        var views = shown.ToDictionary(r => r.Run.Id, r => (View: r.ToView(), r.Run.OwnerId));
        var owners = forecast.Shares.Where(s => s.OwnerId is not null).ToDictionary(s => s.OwnerId!.Value, s => s.Name);
        return new([.. places.Where(p => views.ContainsKey(p.RunId)).Select(Entry)], forecast.Places.Count, forecast.Empty, forecast.Shares)
        {
            Unplaced = forecast.Unplaced, Next = forecast.Places.Select(p => p.Starts).FirstOrDefault(s => s is not null), Matching = matching.Count, Sweeps = forecast.Sweeps,
        };

        QueueEntry Entry(QueuePlace place)
        {
            var (view, owner) = views[place.RunId];
            return new(view, place) { OwnerName = owner is { } id ? owners.GetValueOrDefault(id) : null };
        }
    }

    public async Task<QueuePlace?> PlaceAsync(long runId, CancellationToken cancellationToken) =>
        (await ForecastAsync(cancellationToken)).ByRun.GetValueOrDefault(runId);

    public void Dispose() => _one.Dispose();

    private async Task<Forecast> ForecastAsync(CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            var stamp = await StampAsync(cancellationToken);
            if (_forecast is { } known && known.Stamp == stamp && clock.GetElapsedTime(known.MadeAt) < s_age) return known;
            var estimator = await rates.ReadAsync(cancellationToken);
            return _forecast = await database.ReadAsync(session => MakeAsync(session, stamp, estimator), cancellationToken);
        }
        finally
        {
            _one.Release();
        }
    }

    private async Task<Stamp> StampAsync(CancellationToken cancellationToken) => (await database.QueryAsync(
        """
        SELECT count(*), count(*) FILTER (WHERE assigned), coalesce(max(queue_position), 0), coalesce(sum(expected_seconds), 0),
          coalesce(sum(CASE priority WHEN 'High' THEN queue_position * 3 WHEN 'Low' THEN queue_position * 7 ELSE 0 END), 0)::bigint, coalesce(max(state_since), to_timestamp(0))
        FROM runs WHERE state = 'Queued'
        """,
        r => new Stamp(r.GetInt64(0), r.GetInt64(1), r.GetInt64(2), r.GetDouble(3), r.GetInt64(4), r.GetFieldValue<DateTimeOffset>(5)), cancellationToken))[0];

    private async Task<Forecast> MakeAsync(DbSession session, Stamp stamp, DurationEstimator estimator)
    {
        var state = await ClusterReader.StateAsync(session);
        var waiting = await ClusterReader.AllWaitingAsync(session);
        var durations = WaitingWork.Estimate(await WaitingWork.ReadAsync(session), estimator);
        var assigned = await AssignedAsync(session);
        var owners = waiting.Select(w => w.OwnerId).Concat(state.Usage.Keys).Concat(state.Held.Select(h => h.OwnerId)).Distinct().ToArray();
        var names = await NamesAsync(session, owners);
        string NameOf(long owner) => names.GetValueOrDefault(owner) ?? (owner == 0 ? "nobody" : $"user {owner}");
        var forecast = QueueForecast.Of(state, waiting, durations, NameOf);
        List<QueuePlace> places = [.. assigned.Select((a, i) => a.Place with { Place = i + 1 }), .. forecast.Places.Select(p => p with { Place = p.Place + assigned.Count })];
        var running = state.Held.ToLookup(h => h.OwnerId);
        var shares = owners
            .Select(o => new OwnerShare(o == 0 ? null : o, o == 0 ? null : NameOf(o), state.Usage.GetValueOrDefault(o) + running[o].Sum(h => h.ExpectedSeconds * ShareOf(h, state))))
            .OrderByDescending(s => s.Seconds).ToList();
        var unplaced = forecast.Places.Where(p => p.Reason == QueueReason.NoHost)
            .CountBy(p => p.Explanation, StringComparer.Ordinal).Select(u => new UnplacedRuns(u.Key, u.Value)).ToList();
        var kin = waiting.Select(w => (w.Id, Kin: new Kin(w.SweepId, w.Device))).Concat(assigned.Select(a => (a.Place.RunId, a.Kin))).ToDictionary(r => r.Item1, r => r.Kin);
        var sweeps = await SweepsAsync(session, kin.Values.CountBy(k => k.SweepId));
        return new(stamp, clock.GetTimestamp(), places, places.ToDictionary(p => p.RunId), forecast.Empty, shares, unplaced, kin, sweeps);
    }

    /// <summary>The part of its device that a run has; all of it where the host is not heard of.</summary>
    private static double ShareOf(HeldRun run, ClusterState state) =>
        run.Timing ? 1 : 1.0 / (state.Hosts.FirstOrDefault(h => h.Id == run.HostId)?.Devices.FirstOrDefault(d => d.Name == run.Device)?.Slots ?? 1);

    /// <summary>Runs that have a device already and start within moments, unless their host is in trouble.</summary>
    private static Task<List<(QueuePlace Place, Kin Kin)>> AssignedAsync(DbSession session) => session.QueryAsync(
        """
        SELECT r.id, h.name, r.device_name, r.sweep_id, r.device_class FROM runs r JOIN hosts h ON h.id = r.host_id
        WHERE r.state = 'Queued' AND r.assigned ORDER BY r.queue_position
        """,
        r => (new QueuePlace(r.GetInt64(0), 0, QueueReason.Assigned, $"Starts now on {r.GetString(1)}, {r.GetString(2)}.", null, null, null),
            new Kin(r.GetInt64(3), Enum.Parse<DeviceClass>(r.GetString(4)))));

    private static async Task<IReadOnlyList<WaitingSweep>> SweepsAsync(DbSession session, IEnumerable<KeyValuePair<long, int>> waiting)
    {
        var counts = waiting.ToDictionary();
        return await session.QueryAsync(
            "SELECT id, name FROM sweeps WHERE id = ANY(@ids) ORDER BY id", r => new WaitingSweep(r.GetInt64(0), r.GetString(1), counts[r.GetInt64(0)]),
            ("ids", counts.Keys.ToArray()));
    }

    private static async Task<IReadOnlyDictionary<long, string>> NamesAsync(DbSession session, long[] owners) => (await session.QueryAsync(
        "SELECT id, user_name FROM users WHERE id = ANY(@ids) AND user_name IS NOT NULL", r => (Id: r.GetInt64(0), Name: r.GetString(1)), ("ids", owners)))
        .ToDictionary(u => u.Id, u => u.Name);
}
