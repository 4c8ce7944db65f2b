using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Tracker.Migrations;
using Tracker.Tests.Postgres;

namespace Tracker.Storage.Tests.Engine;

/// <summary>The scheduler is made when it is first needed, which may be a bad moment.</summary>
public sealed class QuartzStartTests(StorageFixture storage) : IClassFixture<StorageFixture>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_first_use_that_is_broken_off_does_no_harm()
    {
        await using var services = storage.Services().AddRunQueueClient().BuildServiceProvider();
        using var impatient = new CancellationTokenSource();
        var first = UseAsync(services, impatient.Token);
        await impatient.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(first);
        await UseAsync(services, Token);
    }

    [Fact]
    public async Task A_first_use_while_the_server_is_away_does_no_harm()
    {
        await using var cluster = await PostgresCluster.StartAsync();
        await TrackerMigrator.MigrateAsync(cluster.ConnectionString + ";Pooling=false", Token);
        await using var services = new ServiceCollection().AddLogging().AddTrackerStorage(cluster.ConnectionString + ";Pooling=false").AddRunQueueClient().BuildServiceProvider();
        await using var connection = await services.GetRequiredService<NpgsqlDataSource>().OpenConnectionAsync(Token);
        await using var transaction = await connection.BeginTransactionAsync(Token);
        await cluster.StopAsync();
        await Should.ThrowAsync<Exception>(services.GetRequiredService<IRunQueue>().RemoveAsync(connection, transaction, [1], Token));
        await cluster.RestartAsync();
        await UseAsync(services, Token);
    }

    private static async Task UseAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        await using var connection = await services.GetRequiredService<NpgsqlDataSource>().OpenConnectionAsync(Token);
        await using var transaction = await connection.BeginTransactionAsync(Token);
        await services.GetRequiredService<IRunQueue>().RemoveAsync(connection, transaction, [1], cancellationToken);
        await transaction.CommitAsync(Token);
    }
}
