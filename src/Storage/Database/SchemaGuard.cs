using Npgsql;

namespace Tracker.Storage;

/// <summary>Checks that the database has the schema of this build, for processes that do not migrate it.</summary>
public sealed class SchemaGuard(NpgsqlDataSource dataSource)
{
    private static readonly TimeSpan s_retry = TimeSpan.FromMilliseconds(500);

    /// <summary>Checks once.</summary>
    /// <exception cref="SchemaException">The schema is missing, older or newer.</exception>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        var found = await AppliedAsync(cancellationToken);
        if (found == Schema.Latest) return;
        throw found is not null && string.CompareOrdinal(found, Schema.Latest) > 0 ? SchemaException.Newer(found) : SchemaException.Older(found);
    }

    /// <summary>Waits for the schema while it is missing, older, or the server is not there yet; tells once what it waits for.</summary>
    /// <param name="patience">How long to wait before giving up.</param>
    /// <param name="waiting">Called with the reason when the wait begins.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="SchemaException">The schema is newer, or still missing or older after <paramref name="patience"/>.</exception>
    public async Task WaitAsync(TimeSpan patience, Action<string>? waiting, CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        var told = false;
        while (true)
        {
            try
            {
                await CheckAsync(cancellationToken);
                return;
            }
            catch (Exception e) when (e is SchemaException { IsOlder: true } || TransientErrors.IsTransient(e))
            {
                if (TimeProvider.System.GetElapsedTime(started) > patience) throw;
                if (!told) waiting?.Invoke(e.Message);
                told = true;
            }
            await Task.Delay(s_retry, cancellationToken);
        }
    }

    private async Task<string?> AppliedAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var command = dataSource.CreateCommand($"""SELECT max("MigrationId") FROM {Schema.HistoryTable}""");
            return await command.ExecuteScalarAsync(cancellationToken) as string;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            return null;
        }
    }
}
