using Tracker.Domain;
using Tracker.Storage.Runs;

namespace Tracker.Storage.Tests;

public class ReconcilerTests(StorageFixture storage) : IClassFixture<StorageFixture>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private RunReconciler Reconciler => storage.Get<RunReconciler>();

    [Fact]
    public async Task A_queued_run_that_the_engine_lost_is_queued_again()
    {
        var (_, runs) = await storage.SubmitAsync(SweepsToTest.Next());
        await storage.AssignAsync(runs[0], await storage.RegisterHostAsync("forgetful"));
        await TakeFromEngineAsync(runs[0]);
        (await Reconciler.RepairAsync(Token)).ShouldBe(1);
        (await storage.Runs.EventsAsync(runs[0], 1, Token)).Single().Message.ShouldContain("waits again");
        (await Reconciler.RepairAsync(Token)).ShouldBe(0);
    }

    [Fact]
    public async Task A_run_that_no_engine_executes_any_more_is_lost_and_queued_again()
    {
        var (_, runs) = await storage.SubmitAsync(SweepsToTest.Next());
        await storage.StartAsync(runs[0], await storage.RegisterHostAsync("gone"));
        await TakeFromEngineAsync(runs[0]);
        (await Reconciler.RepairAsync(Token)).ShouldBe(1);
        (await storage.StateAsync(runs[0])).ShouldBe(RunState.Queued);
        (await storage.Runs.AttemptsAsync(runs[0], Token)).Single().Outcome.ShouldBe(AttemptOutcome.Lost);
    }

    [Fact]
    public async Task A_run_that_is_over_or_deleted_is_taken_out_of_the_engine()
    {
        var (_, runs) = await storage.SubmitAsync(SweepsToTest.Next());
        await storage.SucceedAsync(runs[0], await storage.RegisterHostAsync("host"), 0.5);
        await ExecuteAsync($"UPDATE runs SET state_since = now() - interval '1 minute' WHERE id = {runs[0]}");
        await EnqueueAsync(runs[0]);
        await EnqueueAsync(888_888);
        (await Reconciler.RepairAsync(Token)).ShouldBe(2);
        var held = await storage.Queue.HeldRunsAsync(Token);
        held.ShouldNotContain(runs[0]);
        held.ShouldNotContain(888_888);
    }

    private Task TakeFromEngineAsync(long run) => InTransactionAsync((connection, transaction) => storage.Queue.RemoveAsync(connection, transaction, [run], Token));

    private Task EnqueueAsync(long run) =>
        InTransactionAsync((connection, transaction) => storage.Queue.EnqueueAsync(connection, transaction, [new(run, "lane", Priority.Normal, 1)], Token));

    private async Task InTransactionAsync(Func<Npgsql.NpgsqlConnection, Npgsql.NpgsqlTransaction, Task> work)
    {
        await using var connection = await storage.DataSource.OpenConnectionAsync(Token);
        await using var transaction = await connection.BeginTransactionAsync(Token);
        await work(connection, transaction);
        await transaction.CommitAsync(Token);
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var command = storage.DataSource.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Token);
    }
}
