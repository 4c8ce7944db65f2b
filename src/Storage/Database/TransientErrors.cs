using System.Net.Sockets;
using Npgsql;

namespace Tracker.Storage;

/// <summary>Tells errors that pass (a server that restarts, a network that blinks) from those that stay.</summary>
public static class TransientErrors
{
    /// <summary>Whether the same call may succeed a little later: everything but a refusal of the statement itself.</summary>
    public static bool IsTransient(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return exception switch
        {
            PostgresException postgres => IsTransient(postgres),
            NpgsqlException { IsTransient: true } => true,
            NpgsqlException { InnerException: IOException or SocketException or TimeoutException } => true,
            SocketException or IOException or TimeoutException => true,
            _ => exception.InnerException is { } inner && IsTransient(inner),
        };
    }

    /// <summary>
    /// Npgsql's own list, and what a server that goes down or comes up answers: 57P01 admin shutdown, 57P02 crash shutdown,
    /// 57P03 cannot connect now, and 25P03/57P05 for sessions that it ended.
    /// </summary>
    private static bool IsTransient(PostgresException exception) =>
        exception.IsTransient || exception.SqlState is "57P01" or "57P02" or "57P03" or "57P05" or "25P03";
}
