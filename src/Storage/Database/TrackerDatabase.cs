using System.Data;
using Npgsql;

namespace Tracker.Storage.Database;

/// <summary>Runs work against the pooled data source.</summary>
internal sealed class TrackerDatabase(NpgsqlDataSource dataSource)
{
    /// <summary>Runs <paramref name="work"/> in one transaction, and tells what it changed in the moment it commits.</summary>
    public async Task<T> TransactAsync<T>(Func<DbSession, Task<T>> work, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var session = new DbSession(connection, transaction, cancellationToken);
        var result = await work(session);
        await session.NotifyAsync();
        await transaction.CommitAsync(cancellationToken);
        session.Committed();
        return result;
    }

    /// <inheritdoc cref="TransactAsync{T}" />
    public Task TransactAsync(Func<DbSession, Task> work, CancellationToken cancellationToken) => TransactAsync(async session =>
    {
        await work(session);
        return true;
    }, cancellationToken);

    /// <summary>Reads several things as they are at one moment.</summary>
    public async Task<T> ReadAsync<T>(Func<DbSession, Task<T>> read, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        return await read(new(connection, transaction, cancellationToken));
    }

    /// <summary>Runs one query on a connection of its own.</summary>
    public async Task<List<T>> QueryAsync<T>(string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken, params (string Name, object? Value)[] parameters)
    {
        await using var command = dataSource.CreateCommand(sql);
        command.AddParameters(parameters);
        return await command.ReadAllAsync(read, cancellationToken);
    }

    /// <summary>A connection for what does not fit the above; the caller disposes it.</summary>
    public ValueTask<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken) => dataSource.OpenConnectionAsync(cancellationToken);
}
