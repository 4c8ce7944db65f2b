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

    private const int MostStateless = 32;

    /// <summary>Name of the pool for what changes nothing about its session.</summary>
    public const string Stateless = "stateless";

    /// <summary>A pool with these limits; what the connection string sets itself goes before them.</summary>
    public static NpgsqlDataSource Create(string connectionString) => NpgsqlDataSource.Create(Limited(connectionString));

    /// <summary>
    /// A pool for single statements that leave no trace in their session. It is not reset between them: that would throw away the plans of all
    /// statements within functions, and making these takes almost as long as to write a batch of points. Nor can those who report take the connections
    /// of all others.
    /// </summary>
    public static NpgsqlDataSource CreateStateless(string connectionString)
    {
        var builder = Limited(connectionString);
        (builder.NoResetOnClose, builder.MaxAutoPrepare, builder.AutoPrepareMinUsages) = (true, 4, 2);
        (builder.MinPoolSize, builder.MaxPoolSize) = (0, MostStateless);
        return NpgsqlDataSource.Create(builder);
    }

    private static NpgsqlConnectionStringBuilder Limited(string connectionString)
    {
        var builder = new NpgsqlConnectionStringBuilder(connectionString);
        builder.Options = string.Join(' ', [.. s_limits.Select(l => $"-c {l}"), .. builder.Options is { Length: > 0 } own ? new[] { own } : []]);
        return builder;
    }
}
