using System.Net.Sockets;
using Npgsql;

namespace Tracker.Web.Api;

/// <summary>Tells a database that is away, which comes back, from a fault of ours, which does not.</summary>
public static class DatabaseAway
{
    private static readonly string[] s_states =
    [
        PostgresErrorCodes.AdminShutdown, PostgresErrorCodes.CrashShutdown, PostgresErrorCodes.CannotConnectNow, PostgresErrorCodes.TooManyConnections,
    ];

    public static bool Explains(Exception exception)
    {
        for (var e = exception; e is not null; e = e.InnerException)
        {
            if (e is PostgresException postgres) return s_states.Contains(postgres.SqlState) || postgres.SqlState.StartsWith("08", StringComparison.Ordinal);
            if (e is NpgsqlException { IsTransient: true } or NpgsqlException { InnerException: SocketException or IOException or TimeoutException }) return true;
        }
        return false;
    }
}
