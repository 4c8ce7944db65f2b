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
        var applied = await AppliedAsync(cancellationToken);
        // One may have come after others of higher numbers, so the highest alone does not tell.
        if (applied.Except(Schema.Migrations, StringComparer.Ordinal).Max(StringComparer.Ordinal) is { } unknown) throw SchemaException.Newer(unknown);
        if (Schema.Migrations.Except(applied, StringComparer.Ordinal).FirstOrDefault() is { } missing) throw SchemaException.Older(applied.Max(StringComparer.Ordinal), missing);
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

    private async Task<IReadOnlyList<string>> AppliedAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var command = dataSource.CreateCommand($"""SELECT ARRAY(SELECT "MigrationId"::text FROM {Schema.HistoryTable})""");
            return (string[])(await command.ExecuteScalarAsync(cancellationToken))!;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            return [];
        }
    }
}
