using Npgsql;
using Tracker.Domain;

namespace Tracker.Storage.Tests;

public sealed class RecycleBinTests(StorageFixture storage) : IClassFixture<StorageFixture>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private IRecycleBin Bin => storage.Get<IRecycleBin>();

    [Fact]
    public async Task A_deleted_run_is_nowhere_but_in_the_bin_and_comes_back_as_it_was()
    {
        var sweep = SweepsToTest.Next(seeds: 2);
        var (id, runs) = await storage.SubmitAsync(sweep);
        var host = await storage.RegisterHostAsync("bin");
        foreach (var run in runs) await storage.SucceedAsync(run, host, 0.5);
        await storage.Runs.ChangeAsync(runs[0], "why", ["only-here"], Token);
        var before = await SeenAsync(id, runs[0]);
        before.ShouldBe(new Seen(true, 2, 2, 2, true, true, true, true, Counted: true));

        (await storage.Runs.DeleteAsync(runs[0], Token)).ShouldBeTrue();
        (await SeenAsync(id, runs[0])).ShouldBe(new Seen(false, 1, 1, 1, false, false, false, false, Counted: false));
        (await storage.Runs.DeleteAsync(runs[0], Token)).ShouldBeFalse();
        (await storage.Runs.RetryAsync(runs[0], Token)).ShouldBeNull();
        (await storage.Runs.ChangeAsync(runs[0], "changed", null, Token)).ShouldBeNull();
        var there = (await storage.Runs.FindAsync(runs[0], Presence.All, Token)).ShouldNotBeNull();
        (there.Notes, there.DeletedBy).ShouldBe(("why", "system"));
        there.DeletedAt.ShouldNotBeNull();
        var item = (await ItemsAsync()).Single(i => i.Kind == BinKind.Run && i.Id == runs[0]);
        (item.SweepId, item.DeletedBy, item.Runs, item.PurgeAt).ShouldBe((id, "system", 1, item.DeletedAt.AddDays(30)));

        // The same experiment is trained again rather than shown from the bin.
        (await storage.SubmitAsync(sweep with { Seeds = [0] })).RunIds.Count.ShouldBe(1);

        (await Bin.RestoreRunAsync(runs[0], Token)).ShouldBeTrue();
        (await SeenAsync(id, runs[0])).ShouldBe(before);
        (await Bin.RestoreRunAsync(runs[0], Token)).ShouldBeFalse();
        (await storage.Get<IAudit>().ReadAsync(new(ObjectKind: "run", ObjectId: runs[0]), 10, null, Token)).Select(e => e.Action)
            .ShouldBe(["run.restore", "run.delete", "run.change"]);
    }

    [Fact]
    public async Task What_waits_is_cancelled_before_it_goes_to_the_bin()
    {
        var (id, runs) = await storage.SubmitAsync(SweepsToTest.Next(seeds: 3));
        await storage.Runs.PauseAsync(runs[1], Token);
        await storage.AssignAsync(runs[2], await storage.RegisterHostAsync("bin"));
        (await storage.Sweeps.DeleteAsync(id, Token)).ShouldBeTrue();
        foreach (var run in runs) (await storage.Runs.FindAsync(run, Presence.Deleted, Token)).ShouldNotBeNull().State.ShouldBe(RunState.Cancelled);
        (await storage.Get<IQueue>().ReadAsync(new(SweepId: id), 10, 0, Token)).Entries.ShouldBeEmpty();
        (await storage.Attempts.BeginAsync(runs[2], 1, Token)).ShouldBeNull();
    }

    [Fact]
    public async Task A_sweep_takes_its_runs_along_and_brings_back_only_those()
    {
        var (id, runs) = await storage.SubmitAsync(SweepsToTest.Next(seeds: 3));
        (await storage.Runs.DeleteAsync(runs[0], Token)).ShouldBeTrue();
        (await storage.Sweeps.DeletionAsync(id, Token)).ShouldNotBeNull().Runs.ShouldBe(2);
        (await storage.Sweeps.DeleteAsync(id, Token)).ShouldBeTrue();
        (await storage.Sweeps.DeleteAsync(id, Token)).ShouldBeFalse();
        (await storage.Sweeps.FindAsync(id, Token)).ShouldBeNull();
        (await storage.Sweeps.CancelAsync(id, Token)).ShouldBeNull();
        (await storage.Sweeps.ChangeAsync(id, "other", null, null, Token)).ShouldBeNull();
        (await storage.Get<IPlaces>().FindAsync($"#{id}", 5, Token)).ShouldNotContain(p => !p.IsRun && p.Id == id);
        (await ItemsAsync()).Single(i => i.Kind == BinKind.Sweep && i.Id == id).Runs.ShouldBe(2);
        (await ItemsAsync()).Where(i => i.Kind == BinKind.Run && i.SweepId == id).Select(i => i.Id).ShouldBe([runs[0]]);
        (await Should.ThrowAsync<InvalidOperationException>(Bin.RestoreRunAsync(runs[1], Token))).Message.ShouldContain("Restore the sweep first");

        (await Bin.RestoreSweepAsync(id, Token)).ShouldBeTrue();
        (await storage.Runs.OfSweepAsync(id, Token)).Select(r => r.Id).ShouldBe([runs[1], runs[2]]);
        (await Bin.RestoreRunAsync(runs[0], Token)).ShouldBeTrue();
        (await storage.Runs.OfSweepAsync(id, Token)).Select(r => r.Id).ShouldBe(runs);
    }

    [Fact]
    public async Task The_list_goes_on_where_a_part_of_it_ended()
    {
        var (_, runs) = await storage.SubmitAsync(SweepsToTest.Next(seeds: 5));
        foreach (var run in runs) await storage.Runs.DeleteAsync(run, Token);
        var all = await ItemsAsync();
        var read = new List<BinItem>();
        BinPlace? after = null;
        while (await Bin.ListAsync(2, after, Token) is { Count: > 0 } part)
        {
            read.AddRange(part);
            after = new(part[^1].DeletedAt, part[^1].Kind, part[^1].Id);
        }
        read.ShouldBe(all);
        all.Select(i => i.DeletedAt).ShouldBe(all.Select(i => i.DeletedAt).OrderDescending());
    }

    [Fact]
    public async Task The_database_itself_refuses_to_schedule_what_is_in_the_bin()
    {
        var (_, runs) = await storage.SubmitAsync(SweepsToTest.Next());
        await storage.Runs.DeleteAsync(runs[0], Token);
        await using var command = storage.DataSource.CreateCommand($"UPDATE runs SET state = 'Queued', finished_at = NULL WHERE id = {runs[0]}");
        (await Should.ThrowAsync<PostgresException>(command.ExecuteNonQueryAsync(Token))).ConstraintName.ShouldBe("runs_deleted_over");
    }

    private sealed record Seen(bool ById, int OfSweep, int InSearch, int InSweepCounts, bool InJump, bool InTags, bool InTable, bool InLeaderboard, bool Counted);

    private async Task<Seen> SeenAsync(long sweep, long run)
    {
        var ofSweep = await storage.Runs.OfSweepAsync(sweep, Token);
        (await storage.Runs.BriefsOfSweepAsync(sweep, run, 100, Token)).Count.ShouldBe(ofSweep.Count);
        (await storage.Runs.ListAsync(new(SweepId: sweep), 10, null, Token)).Count.ShouldBe(ofSweep.Count);
        var search = new RunSearch { Filter = $"sweep = {sweep}" };
        var ids = await storage.Get<IRunSearch>().IdsAsync(search, Token);
        (await storage.Get<IRunSearch>().CountAsync(search, Token)).ShouldBe(ids.Count);
        var view = (await storage.Sweeps.FindAsync(sweep, Token)).ShouldNotBeNull();
        var cells = (await storage.Tables.ReadAsync(1, sweep, Token)).Rows.SelectMany(r => r.Cells).Where(c => c is not null).SelectMany(c => c!.RunIds);
        var board = await storage.Leaderboards.ReadAsync(new("f1", "fashion-mnist"), Token);
        await using var command = storage.DataSource.CreateCommand("SELECT count(*) FROM runs WHERE deleted_at IS NULL");
        var present = (long)(await command.ExecuteScalarAsync(Token))!;
        var counts = await storage.Runs.CountsAsync(Token);
        (counts.Queued + counts.Starting + counts.Running + counts.Paused + counts.Succeeded + counts.Failed + counts.Cancelled).ShouldBe((int)present);
        return new(
            await storage.Runs.FindAsync(run, Token) is not null && (await storage.Runs.FindAsync([run], Token)).Count == 1,
            ofSweep.Count, ids.Count, view.Counts.Succeeded,
            (await storage.Get<IPlaces>().FindAsync($"#{run}", 5, Token)).Any(p => p.IsRun && p.Id == run),
            (await storage.Runs.TagsAsync(50, Token)).Contains("only-here") && (await storage.Get<IRunSearch>().ValuesAsync("tags", "only", 5, Token)).Count == 1,
            cells.Contains(run), board.Rows.Any(r => r.RunIds.Contains(run)), ids.Contains(run));
    }

    private Task<IReadOnlyList<BinItem>> ItemsAsync() => Bin.ListAsync(1000, null, Token);
}
