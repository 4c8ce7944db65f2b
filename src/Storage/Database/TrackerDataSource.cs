using Npgsql;

namespace Tracker.Storage.Database;

/// <summary>Makes the pool of connections of a process.</summary>
internal static class TrackerDataSource
{
    /// <summary>
    /// What Postgres is asked to do with a session whose process is frozen or cut off: one that is idle in a transaction holds locks, those of
    /// the queue among them, which no other host can pass. Ours are idle there for milliseconds, or for seconds where a machine
    /// is overloaded. A peer that is gone is noticed by probes, also in the middle of
    /// a COPY, where a session does not count as idle; without them that takes the kernel two hours.
    /// </summary>
    private static readonly string[] s_limits =
    [
        "idle_in_transaction_session_timeout=15s", "tcp_keepalives_idle=4", "tcp_keepalives_interval=2", "tcp_keepalives_count=3", "tcp_user_timeout=10s",
    ];

    /// <summary>A pool with these limits; what the connection string sets itself goes before them.</summary>
    public static NpgsqlDataSource Create(string connectionString)
    {
        var builder = new NpgsqlConnectionStringBuilder(connectionString);
        builder.Options = string.Join(' ', [.. s_limits.Select(l => $"-c {l}"), .. builder.Options is { Length: > 0 } own ? new[] { own } : []]);
        return NpgsqlDataSource.Create(builder);
    }
}
