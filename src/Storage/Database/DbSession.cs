using Npgsql;
using Tracker.Domain;
using Tracker.Storage.Auditing;

namespace Tracker.Storage.Database;

/// <summary>An open transaction with what it will tell when it commits.</summary>
internal sealed class DbSession(NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken cancellationToken)
{
    private readonly HashSet<Change> _changes = [];
    private readonly List<Action> _whenCommitted = [];

    public NpgsqlConnection Connection => connection;

    public NpgsqlTransaction Transaction => transaction;

    public CancellationToken CancellationToken => cancellationToken;

    public async Task<int> ExecuteAsync(string sql, params (string Name, object? Value)[] parameters)
    {
        await using var command = Command(sql, parameters);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>All rows.</summary>
    public async Task<List<T>> QueryAsync<T>(string sql, Func<NpgsqlDataReader, T> read, params (string Name, object? Value)[] parameters)
    {
        await using var command = Command(sql, parameters);
        return await command.ReadAllAsync(read, cancellationToken);
    }

    /// <summary>Hands every row over.</summary>
    public async Task ReadAsync(string sql, Action<NpgsqlDataReader> read, params (string Name, object? Value)[] parameters)
    {
        await using var command = Command(sql, parameters);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken)) read(reader);
    }

    /// <summary>The first row, or the default without one.</summary>
    public async Task<T?> FirstAsync<T>(string sql, Func<NpgsqlDataReader, T> read, params (string Name, object? Value)[] parameters)
    {
        await using var command = Command(sql, parameters);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? read(reader) : default;
    }

    /// <summary>Notes a change to be told at the commit; the same one twice is told once.</summary>
    public void Changed(ChangeKind kind, long id, long? sweepId = null) => _changes.Add(new(kind, id, sweepId));

    /// <summary>Notes what is to be done when all this is certain, such as counting it.</summary>
    public void WhenCommitted(Action action) => _whenCommitted.Add(action);

    public Task RecordAsync(long runId, int? attempt, EventLevel level, string message) => ExecuteAsync(
        "INSERT INTO events (run_id, attempt, level, message) VALUES (@run, @attempt, @level, @message)",
        ("run", runId), ("attempt", attempt), ("level", level.ToString()), ("message", message));

    /// <summary>Records the same event for many runs.</summary>
    public Task RecordAsync(IReadOnlyList<long> runIds, string message) => ExecuteAsync(
        "INSERT INTO events (run_id, level, message) SELECT id, 'Info', @message FROM unnest(@runs) AS id",
        ("runs", runIds.ToArray()), ("message", message));

    /// <summary>Records in the audit log what <see cref="Actor.Current"/> changes in this transaction.</summary>
    public Task AuditAsync(AuditEntry entry) => AuditLog.InsertAsync(entry, connection, cancellationToken);

    internal async Task NotifyAsync()
    {
        if (_changes.Count == 0) return;
        await ExecuteAsync(
            "SELECT pg_notify(@channel, payload) FROM unnest(@payloads) AS payload",
            ("channel", ChangeCoding.Channel), ("payloads", ChangeCoding.Write(_changes).ToArray()));
    }

    internal void Committed()
    {
        foreach (var action in _whenCommitted) action();
    }

    private NpgsqlCommand Command(string sql, (string Name, object? Value)[] parameters)
    {
        var command = new NpgsqlCommand(sql, connection, transaction);
        command.AddParameters(parameters);
        return command;
    }
}
