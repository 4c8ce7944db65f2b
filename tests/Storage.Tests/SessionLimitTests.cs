using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Tracker.Storage.Tests;

/// <summary>What becomes of the session of a process that is frozen or cut off.</summary>
public sealed class SessionLimitTests(StorageFixture storage) : IClassFixture<StorageFixture>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Sessions_of_the_product_may_not_rest_in_a_transaction()
    {
        (await ShowAsync(storage.DataSource, "idle_in_transaction_session_timeout")).ShouldBe("15s");
        (await ShowAsync(storage.DataSource, "tcp_keepalives_idle")).ShouldBe("4");
    }

    [Fact]
    public async Task A_lock_held_by_a_session_that_rests_is_freed_and_the_limit_can_be_set_by_the_connection_string()
    {
        var connectionString = new NpgsqlConnectionStringBuilder(storage.ConnectionString) { Options = "-c idle_in_transaction_session_timeout=300ms" };
        await using var services = new ServiceCollection().AddTrackerStorage(connectionString.ConnectionString).BuildServiceProvider();
        await using var silent = await services.GetRequiredService<NpgsqlDataSource>().OpenConnectionAsync(Token);
        await using var transaction = await silent.BeginTransactionAsync(Token);
        await LockAsync(silent);

        await using var other = await storage.DataSource.OpenConnectionAsync(Token);
        await LockAsync(other);

        var refused = await Should.ThrowAsync<Exception>(transaction.CommitAsync(Token));
        TransientErrors.IsTransient(refused).ShouldBeTrue(refused.ToString());
    }

    private static async Task LockAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand("SELECT pg_advisory_xact_lock(20261122)", connection) { CommandTimeout = 20 };
        await command.ExecuteNonQueryAsync(Token);
    }

    private static async Task<object?> ShowAsync(NpgsqlDataSource source, string setting)
    {
        await using var command = source.CreateCommand($"SHOW {setting}");
        return await command.ExecuteScalarAsync(Token);
    }
}
