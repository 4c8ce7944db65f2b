using Microsoft.Extensions.DependencyInjection;
using Tracker.Domain;
using Tracker.Migrations;
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
