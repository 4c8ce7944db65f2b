using Npgsql;
using Tracker.Storage.Tests.External;

namespace Tracker.Storage.Tests;

/// <summary>What happens at once to a sweep that is deleted or restored, to its runs, and to the sweeps that show these.</summary>
public sealed class SweepDeletionTests(StorageFixture storage) : IClassFixture<StorageFixture>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private Task<long> WaitingAsync => storage.CountAsync("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'");

    [Fact]
    public async Task A_run_is_not_given_to_a_sweep_that_is_deleted_in_the_same_moment()
    {
        var (owner, run, heir) = await SharedAsync();
        await using var other = await storage.DataSource.OpenConnectionAsync(Token);
        await using var transaction = await other.BeginTransactionAsync(Token);
        await using var delete = new NpgsqlCommand($"UPDATE sweeps SET deleted_at = now() WHERE id = {heir}", other, transaction);
        await delete.ExecuteNonQueryAsync(Token);
        var deletion = storage.Sweeps.DeleteAsync(owner, Token);
        while (await WaitingAsync == 0 && !deletion.IsCompleted) await Task.Yield();
        deletion.IsCompleted.ShouldBeFalse();
        await transaction.CommitAsync(Token);

        (await deletion).ShouldBeTrue();
        (await storage.Runs.FindAsync(run, Presence.Deleted, Token)).ShouldNotBeNull().SweepId.ShouldBe(owner);
    }

    [Fact]
    public async Task Sweeps_that_share_runs_and_are_deleted_at_once_leave_none_behind()
    {
        for (var round = 0; round < 10; round++)
        {
            var (owner, run, heir) = await SharedAsync();
            (await Task.WhenAll(Task.Run(() => storage.Sweeps.DeleteAsync(owner, Token)), Task.Run(() => storage.Sweeps.DeleteAsync(heir, Token)))).ShouldBe([true, true]);
            (await storage.Runs.FindAsync(run, Token)).ShouldBeNull();
        }
    }

    [Fact]
    public async Task Sweeps_that_are_each_others_heirs_can_be_deleted_at_once()
    {
        var (first, run, second) = await SharedAsync();
        // As after an owner in between was deleted: the older one shows what belongs to the newer one, and the other way round.
        var own = (await storage.Runs.OfSweepAsync(second, Token)).Single(r => !r.Reused).Id;
        await using (var command = storage.DataSource.CreateCommand($"INSERT INTO sweep_runs (sweep_id, run_id, ordinal, reused) VALUES ({first}, {own}, 7, true)"))
            await command.ExecuteNonQueryAsync(Token);
        (await Task.WhenAll(Task.Run(() => storage.Sweeps.DeleteAsync(first, Token)), Task.Run(() => storage.Sweeps.DeleteAsync(second, Token)))).ShouldBe([true, true]);
        foreach (var gone in new[] { run, own }) (await storage.Runs.FindAsync(gone, Token)).ShouldBeNull();
    }

    [Fact]
    public async Task Emptying_the_bin_locks_its_runs_by_ascending_id()
    {
        var (sweep, runs) = await storage.SubmitAsync(SweepsToTest.Next(seeds: 2));
        foreach (var run in runs) await storage.Runs.DeleteAsync(run, Token);
        // From now on the older run lies behind the younger one.
        await using (var command = storage.DataSource.CreateCommand($"UPDATE runs SET sweep_id = 0 WHERE id = {runs[0]}")) await command.ExecuteNonQueryAsync(Token);
        await using (var command = storage.DataSource.CreateCommand($"UPDATE runs SET sweep_id = {sweep} WHERE id = {runs[0]}")) await command.ExecuteNonQueryAsync(Token);
        await using var holder = await storage.DataSource.OpenConnectionAsync(Token);
        await using var held = await holder.BeginTransactionAsync(Token);
        await using (var hold = new NpgsqlCommand($"SELECT FROM runs WHERE id = {runs[1]} FOR UPDATE", holder, held)) await hold.ExecuteNonQueryAsync(Token);
        var work = storage.Get<IRecycleBin>().EmptyAsync(Token);
        while (await WaitingAsync == 0) await Task.Yield();

        (await storage.CountAsync($"SELECT count(*) FROM (SELECT FROM runs WHERE id = {runs[0]} FOR UPDATE SKIP LOCKED) r")).ShouldBe(0);
        await held.RollbackAsync(Token);
        (await work).ShouldBeGreaterThanOrEqualTo(2);
    }

    /// <summary>A sweep with one run that has finished, and another that shows it and has one of its own that was cancelled.</summary>
    private async Task<(long Owner, long Run, long Heir)> SharedAsync()
    {
        var sweep = SweepsToTest.Next(seeds: 2);
        var (owner, runs) = await storage.SubmitAsync(sweep with { Seeds = [0] });
        await storage.SucceedAsync(runs[0], await storage.RegisterHostAsync("shared"), 0.5);
        var (heir, _) = await storage.SubmitAsync(sweep);
        await storage.Sweeps.CancelAsync(heir, Token);
        return (owner, runs[0], heir);
    }
}
