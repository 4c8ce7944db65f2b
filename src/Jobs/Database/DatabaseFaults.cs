using Npgsql;
using Polly.Timeout;
using Tracker.Storage;

namespace Tracker.Jobs.Database;

/// <summary>Tells faults that pass when Postgres is back from those that would only happen again.</summary>
internal static class DatabaseFaults
{
    /// <summary>Whether trying again later makes sense.</summary>
    public static bool IsTemporary(Exception exception) => exception is TimeoutRejectedException || TransientErrors.IsTransient(exception);

    /// <summary>The reason in one line, without stack trace.</summary>
    public static string Reason(Exception exception)
    {
        var innermost = exception;
        while (innermost is not PostgresException && innermost.InnerException is { } inner) innermost = inner;
        var text = innermost is PostgresException postgres ? $"{postgres.MessageText} ({postgres.SqlState})" : innermost.Message;
        return text.ReplaceLineEndings(" ").TrimEnd('.', ' ');
    }
}
