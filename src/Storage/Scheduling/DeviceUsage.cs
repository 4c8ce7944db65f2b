using Tracker.Domain;
using Tracker.Storage.Database;

namespace Tracker.Storage.Scheduling;

/// <summary>Keeps what each owner has used of devices lately: one number, which loses half its weight every day.</summary>
internal static class DeviceUsage
{
    /// <summary>Adds the time of an attempt that has just been closed, for its part of the device.</summary>
    public static Task AddAsync(DbSession session, long runId, int attempt) => session.ExecuteAsync(
        """
        INSERT INTO device_usage AS u (owner_id, seconds, as_of)
        SELECT coalesce(r.owner_id, 0), greatest(extract(epoch FROM a.ended_at - a.started_at), 0) * a.share, now()
        FROM attempts a JOIN runs r ON r.id = a.run_id
        WHERE a.run_id = @run AND a.attempt = @attempt AND a.ended_at IS NOT NULL
        ON CONFLICT (owner_id) DO UPDATE SET
          seconds = u.seconds * power(0.5, greatest(extract(epoch FROM now() - u.as_of), 0) / @half) + excluded.seconds, as_of = now()
        """,
        ("run", runId), ("attempt", attempt), ("half", DeviceTime.HalfLife.TotalSeconds));
}
