using Tracker.Domain;

namespace Tracker.Storage.Tests;

/// <summary>What pages read and do beside single runs: parts of logs, tags, many runs at once, lists of sweeps, what a deletion takes.</summary>
public class RunReadingTests(StorageFixture storage) : IClassFixture<StorageFixture>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Verbs_on_chosen_runs_leave_the_others_alone()
    {
        var (_, runs) = await storage.SubmitAsync(SweepsToTest.Next(seeds: 4));
        var host = await storage.RegisterHostAsync("host");
        await storage.StartAsync(runs[0], host);

        (await storage.Runs.DoAsync(RunVerb.Pause, [runs[1], runs[0], 987_654], Token)).ShouldBe(new VerbResult(2, 0));
        (await storage.Runs.FindAsync(runs[0], Token)).ShouldNotBeNull().Wish.ShouldBe(RunWish.Pause);
        (await storage.StateAsync(runs[1])).ShouldBe(RunState.Paused);
        (await storage.StateAsync(runs[2])).ShouldBe(RunState.Queued);
        (await storage.Runs.DoAsync(RunVerb.Resume, runs, Token)).ShouldBe(new VerbResult(2, 2));
        (await storage.Runs.DoAsync(RunVerb.Cancel, [runs[2], runs[3]], Token)).ShouldBe(new VerbResult(2, 0));
        (await storage.Runs.DoAsync(RunVerb.Retry, [runs[3]], Token)).ShouldBe(new VerbResult(1, 0));
        (await storage.Runs.DoAsync(RunVerb.RetryFromScratch, [runs[2]], Token)).ShouldBe(new VerbResult(1, 0));
        (await storage.Runs.DoAsync(RunVerb.Stop, runs, Token)).ShouldBe(new VerbResult(3, 1));
    }

    [Fact]
    public async Task The_priority_of_chosen_runs_changes_and_that_of_the_others_stays()
    {
        var (_, runs) = await storage.SubmitAsync(SweepsToTest.Next(seeds: 3));
        (await storage.Runs.ChangePriorityAsync([runs[0], runs[2]], Priority.High, Token)).ShouldBe(new VerbResult(2, 0));
        (await storage.Runs.ChangePriorityAsync(runs, Priority.High, Token)).ShouldBe(new VerbResult(1, 2));
        (await storage.Runs.FindAsync(runs[1], Token)).ShouldNotBeNull().Priority.ShouldBe(Priority.High);
    }

    [Fact]
    public async Task Tags_of_many_runs_change_and_the_others_that_they_have_stay()
    {
        var (_, runs) = await storage.SubmitAsync(SweepsToTest.Next(seeds: 2));
        await storage.Runs.ChangeAsync(runs[0], null, ["old", "mine"], Token);
        (await storage.Runs.ChangeTagsAsync([.. runs, 987_654], ["new", "mine"], ["old"], Token)).ShouldBe(new VerbResult(2, 0));
        (await storage.Runs.FindAsync(runs[0], Token)).ShouldNotBeNull().Tags.ShouldBe(["mine", "new"]);
        (await storage.Runs.FindAsync(runs[1], Token)).ShouldNotBeNull().Tags.ShouldBe(["new", "mine"]);
        (await storage.Runs.ChangeTagsAsync(runs, ["new"], ["nobody has it"], Token)).ShouldBe(new VerbResult(0, 2));
    }

    [Fact]
    public async Task Of_tags_that_are_added_at_the_same_moment_none_is_lost()
    {
        var (_, runs) = await storage.SubmitAsync(SweepsToTest.Next());
        var tags = Enumerable.Range(0, 20).Select(i => $"tag-{i:00}").ToArray();
        await Task.WhenAll(tags.Select(tag => storage.Runs.ChangeTagsAsync(runs, [tag], [], Token)));
        (await storage.Runs.FindAsync(runs[0], Token)).ShouldNotBeNull().Tags.Order(StringComparer.Ordinal).ShouldBe(tags);
    }

    [Fact]
    public async Task More_tags_than_a_run_may_have_are_refused_whole()
    {
        var (_, runs) = await storage.SubmitAsync(SweepsToTest.Next(seeds: 2));
        await storage.Runs.ChangeTagsAsync([runs[0]], [.. Enumerable.Range(0, IRuns.MostTags).Select(i => $"tag-{i}")], [], Token);
        await Should.ThrowAsync<InvalidOperationException>(() => storage.Runs.ChangeTagsAsync(runs, ["one more"], [], Token));
        (await storage.Runs.FindAsync(runs[1], Token)).ShouldNotBeNull().Tags.ShouldBeEmpty();
    }

    [Fact]
    public async Task Notes_that_changed_since_an_edit_began_are_not_written_over()
    {
        var (sweep, runs) = await storage.SubmitAsync(SweepsToTest.Next());
        await storage.Runs.ChangeNotesAsync(runs[0], "first", "", Token);
        await Should.ThrowAsync<InvalidOperationException>(() => storage.Runs.ChangeNotesAsync(runs[0], "second", "", Token));
        (await storage.Runs.ChangeNotesAsync(runs[0], "second", "first", Token)).ShouldNotBeNull().Notes.ShouldBe("second");

        var before = (await storage.Sweeps.FindAsync(sweep, Token)).ShouldNotBeNull().Notes;
        await storage.Sweeps.ChangeNotesAsync(sweep, "first", before, Token);
        await Should.ThrowAsync<InvalidOperationException>(() => storage.Sweeps.ChangeNotesAsync(sweep, "second", before, Token));
        (await storage.Sweeps.FindAsync(sweep, Token)).ShouldNotBeNull().Notes.ShouldBe("first");
    }

    [Fact]
    public async Task A_log_is_read_backwards_by_level_and_by_text()
    {
        var (_, runs) = await storage.SubmitAsync(SweepsToTest.Next());
        var attempt = (await storage.StartAsync(runs[0], await storage.RegisterHostAsync("host"))).Attempt;
        await storage.Writer.AppendLogAsync(runs[0], attempt, [.. Enumerable.Range(1, 10).Select(i => new LogLine(
            attempt, i, DateTimeOffset.UnixEpoch, i % 5 == 0 ? EventLevel.Error : i % 2 == 0 ? EventLevel.Warning : EventLevel.Info, i == 3 ? "100 % of A_B" : $"Line {i}"))], Token);

        async Task<IEnumerable<long>> ReadAsync(LogQuery query) => (await storage.Runs.LogAsync(query, Token)).Select(l => l.Line);
        (await ReadAsync(new(runs[0], 3))).ShouldBe([8, 9, 10]);
        (await ReadAsync(new(runs[0], 3) { Before = new(attempt, 8) })).ShouldBe([5, 6, 7]);
        (await ReadAsync(new(runs[0], 3) { Before = new(attempt + 1, 1) })).ShouldBe([8, 9, 10]);
        (await ReadAsync(new(runs[0], 9) { AtLeast = EventLevel.Warning })).ShouldBe([2, 4, 5, 6, 8, 10]);
        (await ReadAsync(new(runs[0], 9) { AtLeast = EventLevel.Error })).ShouldBe([5, 10]);
        (await ReadAsync(new(runs[0], 9) { Text = "LINE 1" })).ShouldBe([1, 10]);
        (await ReadAsync(new(runs[0], 9) { Text = "0 % of a_" })).ShouldBe([3]);
        (await ReadAsync(new(runs[0], 9) { Text = "%" })).ShouldBe([3]);
    }

    [Fact]
    public async Task Tags_come_most_frequent_first_and_the_runs_of_a_sweep_in_brief()
    {
        var (sweep, runs) = await storage.SubmitAsync(SweepsToTest.Next(seeds: 3));
        await storage.Runs.ChangeAsync(runs[0], null, ["often-here", "rare-here"], Token);
        await storage.Runs.ChangeAsync(runs[1], null, ["often-here"], Token);
        (await storage.Runs.TagsAsync(100, Token)).Where(t => t.EndsWith("-here", StringComparison.Ordinal)).ShouldBe(["often-here", "rare-here"]);

        var whole = await storage.Runs.OfSweepAsync(sweep, Token);
        (await storage.Runs.BriefsOfSweepAsync(sweep, runs[1], 10, Token))
            .ShouldBe(whole.Select(r => new RunBrief(r.Id, r.Spec.Method, r.Spec.Batch, r.Spec.GhostBatch, r.Spec.Seed, r.State)));
        (await storage.Runs.BriefsOfSweepAsync(sweep, runs[2], 1, Token)).Select(r => r.Id).ShouldBe(runs.Skip(1));
        (await storage.Runs.BriefsOfSweepAsync(sweep, runs[0], 1, Token)).Select(r => r.Id).ShouldBe(runs.Take(2));
    }

    [Fact]
    public async Task Several_runs_are_read_at_once_and_the_metrics_that_they_have()
    {
        var (_, runs) = await storage.SubmitAsync(SweepsToTest.Next(seeds: 3));
        var host = await storage.RegisterHostAsync("host");
        foreach (var (run, metric) in (IEnumerable<(long, string)>)[(runs[0], MetricNames.TrainLoss), (runs[1], MetricNames.NoiseScale)])
        {
            var attempt = (await storage.StartAsync(run, host)).Attempt;
            await storage.Writer.FlushAsync(run, attempt, new(1, [new(1, 0.1f, metric, 5, 1)], null, null, []), Token);
        }
        (await storage.Runs.MetricsAsync(runs, Token)).ShouldBe([MetricNames.NoiseScale, MetricNames.TrainLoss]);
        (await storage.Runs.MetricsAsync([runs[1], runs[2]], Token)).ShouldBe([MetricNames.NoiseScale]);
        (await storage.Runs.FindAsync([runs[2], 987_654, runs[0]], Token)).Select(r => r.Id).Order().ShouldBe([runs[0], runs[2]]);
        (await storage.Runs.FindAsync([], Token)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Sweeps_are_listed_by_name_network_and_state_a_part_at_a_time()
    {
        List<long> ids = [];
        foreach (var name in (string[])["Find me 50%", "find me too", "Find me 500"])
            ids.Add((await storage.SubmitAsync(SweepsToTest.Next() with { Name = name })).SweepId);
        await storage.Sweeps.CancelAsync(ids[1], Token);

        async Task<IEnumerable<long>> ListAsync(SweepSearch search) => (await storage.Sweeps.ListAsync(search, Token)).Select(s => s.Id);
        (await ListAsync(new(10) { Name = "FIND me" })).ShouldBe([ids[2], ids[1], ids[0]]);
        (await ListAsync(new(10) { Name = "50%" })).ShouldBe([ids[0]]);
        (await ListAsync(new(1) { Name = "find me", BeforeId = ids[2] })).ShouldBe([ids[1]]);
        (await ListAsync(new(10) { Name = "find me", State = RunState.Cancelled })).ShouldBe([ids[1]]);
        (await ListAsync(new(10) { Name = "find me", State = RunState.Queued })).ShouldBe([ids[2], ids[0]]);
        (await ListAsync(new(10) { Name = "find me", Network = "vgg16" })).ShouldBeEmpty();
        (await ListAsync(new(10) { Name = "find me", Owner = "nobody" })).ShouldBeEmpty();
        (await storage.Sweeps.OwnersAsync(Token)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_deletion_is_told_before_it_happens_with_what_other_sweeps_keep()
    {
        var sweep = SweepsToTest.Next(seeds: 3);
        var (id, runs) = await storage.SubmitAsync(sweep);
        var host = await storage.RegisterHostAsync("host");
        var attempt = (await storage.StartAsync(runs[0], host)).Attempt;
        await storage.Writer.FlushAsync(runs[0], attempt, new(1, [new(1, 0.1f, MetricNames.TrainLoss, 5, 1), new(2, 0.2f, MetricNames.TrainLoss, 9, 2)], null,
            new(2, "/c.safetensors", new string('c', 64), 4096), []), Token);
        await storage.SucceedAsync(runs[1], host, 0.5);
        await storage.SubmitAsync(sweep);

        (await storage.Sweeps.DeletionAsync(id, Token)).ShouldBe(new SweepDeletion(2, 2, 1, 4096, Kept: 1, Active: 1));
        (await storage.Sweeps.DeletionAsync(987_654, Token)).ShouldBeNull();
    }
}
