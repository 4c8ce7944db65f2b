using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Tracker.Domain;
using Tracker.Migrations;
using Tracker.Storage.Runs;
using Tracker.Tests.Postgres;

namespace Tracker.Storage.Tests;

/// <summary>A server that goes away and comes back.</summary>
public class OutageTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_flush_that_fails_while_the_server_is_away_says_that_it_may_be_repeated_and_then_is_applied_once()
    {
        await using var cluster = await PostgresCluster.StartAsync();
        await TrackerMigrator.MigrateAsync(cluster.ConnectionString + ";Pooling=false", Token);
        await using var services = new ServiceCollection().AddLogging().AddTrackerStorage(cluster.ConnectionString).AddRunQueueClient().BuildServiceProvider();
        var sweep = await services.GetRequiredService<ISweeps>().SubmitAsync(SweepsToTest.Next(), null, Token);
        var run = (await services.GetRequiredService<IRuns>().OfSweepAsync(sweep, Token)).Single().Id;
        var host = await services.GetRequiredService<IHosts>().RegisterAsync(new("host", "test", 1, [new(DeviceClass.Cpu, "cpu", "A processor", 0, 1, 1)], []), Token);
        (await services.GetRequiredService<IDispatcher>().FillAsync(host, Token)).ShouldBe(1);
        var attempt = (await services.GetRequiredService<IAttempts>().BeginAsync(run, host, Token)).ShouldNotBeNull().Attempt;
        var writer = services.GetRequiredService<IRunWriter>();
        var flush = new RunFlush(1, [new(1, 0.1, MetricNames.TrainLoss, 1, 1)], null, null, []);

        await cluster.StopAsync();
        for (var i = 0; i < 3; i++)
        {
            var error = await Should.ThrowAsync<Exception>(writer.FlushAsync(run, attempt, flush, Token));
            TransientErrors.IsTransient(error).ShouldBeTrue(error.ToString());
        }
        await cluster.RestartAsync();
        await RepeatAsync(() => writer.FlushAsync(run, attempt, flush, Token));
        await writer.FlushAsync(run, attempt, flush, Token);
        (await services.GetRequiredService<IMetrics>().SeriesAsync([run], [], 10, MetricAxis.Step, Token)).Single().Points.ShouldBe(1);
    }

    [Fact]
    public async Task While_the_server_is_away_the_upkeep_of_the_queue_says_so_in_one_line_without_a_stack_trace()
    {
        await using var cluster = await PostgresCluster.StartAsync();
        await TrackerMigrator.MigrateAsync(cluster.ConnectionString + ";Pooling=false", Token);
        using var log = new RecordingLog();
        await using var services = new ServiceCollection().AddLogging(l => l.AddProvider(log)).AddTrackerStorage(cluster.ConnectionString)
            .AddRunQueueClient().AddQueueUpkeep().BuildServiceProvider();
        var host = await services.GetRequiredService<IHosts>().RegisterAsync(new("host", "test", 1, [new(DeviceClass.Cpu, "cpu", "A processor", 0, 1, 1)], []), Token);
        await services.GetRequiredService<ISweeps>().SubmitAsync(SweepsToTest.Next(), null, Token);
        await services.GetRequiredService<IDispatcher>().FillAsync(host, Token);
        await ForgetAsync(services);
        var upkeep = services.GetServices<IHostedService>().OfType<QueueUpkeep>().Single();
        await upkeep.StartAsync(Token);
        await log.NextAsync(l => l.Message.Contains("the job engine had lost it", StringComparison.Ordinal));

        await cluster.StopAsync();
        var line = await log.NextAsync(l => l.Level >= LogLevel.Warning);
        await upkeep.StopAsync(Token);
        line.Message.ShouldStartWith("The queue cannot be looked after while Postgres is away (");
        line.Message.ShouldNotContain("\n");
        line.Exception.ShouldBeNull();
    }

    /// <summary>Takes all runs out of the job engine, which the upkeep finds and repairs at its first look.</summary>
    private static async Task ForgetAsync(IServiceProvider services)
    {
        var queue = services.GetRequiredService<IRunQueue>();
        await using var connection = await services.GetRequiredService<Npgsql.NpgsqlDataSource>().OpenConnectionAsync(Token);
        await using var transaction = await connection.BeginTransactionAsync(Token);
        await queue.RemoveAsync(connection, transaction, [.. await queue.HeldRunsAsync(Token)], Token);
        await transaction.CommitAsync(Token);
    }

    [Fact]
    public void A_refused_statement_is_not_worth_repeating()
    {
        TransientErrors.IsTransient(new Npgsql.PostgresException("duplicate", "ERROR", "ERROR", "23505")).ShouldBeFalse();
        TransientErrors.IsTransient(new FencedException(1, 2)).ShouldBeFalse();
        TransientErrors.IsTransient(new Npgsql.PostgresException("terminating", "FATAL", "FATAL", "57P01")).ShouldBeTrue();
        TransientErrors.IsTransient(new InvalidOperationException("outer", new IOException("connection reset"))).ShouldBeTrue();
    }

    /// <summary>Idle connections of the pool may still be those of the stopped server; each shows it once.</summary>
    private static async Task RepeatAsync(Func<Task> work)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                await work();
                return;
            }
            catch (Exception e) when (tries < 10 && TransientErrors.IsTransient(e))
            {
            }
        }
    }
}
