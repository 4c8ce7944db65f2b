using System.Net.Sockets;
using Npgsql;
using Polly.Timeout;

namespace Tracker.Jobs.Database;

/// <summary>Tells faults that pass when Postgres is back from those that would only happen again.</summary>
internal static class DatabaseFaults
{
    /// <summary>Whether trying again later makes sense.</summary>
    public static bool IsTemporary(Exception exception) => exception switch
    {
        // Classes 08 (connection), 40 (rolled back), 53 (resources), 57 (operator intervention: shut down, starting up) and 58 (system).
        PostgresException e => e.IsTransient || e.SqlState[..2] is "08" or "40" or "53" or "57" or "58",
        NpgsqlException or TimeoutException or TimeoutRejectedException or SocketException or IOException => true,
        { InnerException: { } inner } => IsTemporary(inner),
        _ => false,
    };

    /// <summary>The reason in one line, without stack trace.</summary>
    public static string Reason(Exception exception)
    {
        var innermost = exception;
        while (innermost is not PostgresException && innermost.InnerException is { } inner) innermost = inner;
        var text = innermost is PostgresException postgres ? $"{postgres.MessageText} ({postgres.SqlState})" : innermost.Message;
        return text.ReplaceLineEndings(" ").TrimEnd('.', ' ');
    }
}
