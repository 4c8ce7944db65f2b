using Npgsql;

namespace Tracker.Storage;

/// <summary>A change to be recorded; who made it is <see cref="Actor.Current"/>.</summary>
/// <param name="Action">What was done, such as <c>sweep.submit</c>.</param>
/// <param name="ObjectKind">What it was done to, such as <c>sweep</c>.</param>
/// <param name="ObjectId">Its id, if it has one.</param>
/// <param name="ObjectName">Its name, if it has one.</param>
/// <param name="Before">What of it was changed, as it was; written as JSON. Never a secret.</param>
/// <param name="After">The same as it became.</param>
public sealed record AuditEntry(string Action, string ObjectKind, long? ObjectId = null, string? ObjectName = null, object? Before = null, object? After = null);

/// <summary>An entry of the audit log.</summary>
/// <param name="Id">Its number: later ones have greater ones.</param>
/// <param name="At">When.</param>
/// <param name="Who">Who; the name as it was then.</param>
/// <param name="Action">What was done.</param>
/// <param name="ObjectKind">What it was done to.</param>
/// <param name="ObjectId">Its id.</param>
/// <param name="ObjectName">Its name as it was then.</param>
/// <param name="Before">What was changed, as it was, in JSON.</param>
/// <param name="After">The same as it became, in JSON.</param>
public sealed record AuditRecord(
    long Id, DateTimeOffset At, Actor Who, string Action, string ObjectKind, long? ObjectId, string? ObjectName, string? Before, string? After);

/// <summary>Which entries to read. What is <see langword="null"/> does not restrict.</summary>
/// <param name="User">By this user, whatever the case of the letters.</param>
/// <param name="Action">This action, or all of a kind: <c>sweep</c> has <c>sweep.submit</c>.</param>
/// <param name="ObjectKind">To objects of this kind.</param>
/// <param name="ObjectId">To the object of this id.</param>
/// <param name="From">Not before.</param>
/// <param name="Until">Before.</param>
public sealed record AuditFilter(
    string? User = null, string? Action = null, string? ObjectKind = null, long? ObjectId = null, DateTimeOffset? From = null, DateTimeOffset? Until = null);

/// <summary>The audit log, to which entries are only ever added.</summary>
public interface IAudit
{
    /// <summary>Records a change in the transaction that makes it.</summary>
    Task RecordAsync(AuditEntry entry, NpgsqlConnection connection, CancellationToken cancellationToken);

    /// <summary>Records what has no transaction of its own.</summary>
    Task RecordAsync(AuditEntry entry, CancellationToken cancellationToken);

    /// <summary>Entries, newest first, with ids below <paramref name="beforeId"/> when given.</summary>
    Task<IReadOnlyList<AuditRecord>> ReadAsync(AuditFilter filter, int limit, long? beforeId, CancellationToken cancellationToken);
}
