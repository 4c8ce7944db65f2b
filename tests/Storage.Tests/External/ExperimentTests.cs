using Tracker.Domain;
using static Tracker.Storage.Tests.External.ReportFixtures;

namespace Tracker.Storage.Tests.External;

public class ExperimentTests(StorageFixture storage) : IClassFixture<StorageFixture>
{
    private static readonly Dictionary<string, string> s_none = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private IExperiments Experiments => storage.Get<IExperiments>();

    [Fact]
    public async Task What_a_program_once_added_to_a_sweep_of_ours_is_shown_there_and_counts_for_nothing()
    {
        var (sweep, runs) = await storage.SubmitAsync(SweepsToTest.Next());
        var added = await storage.NewRunInSweepAsync(sweep);
        await storage.LogAsync(added, At("loss", 1000, 0.5));
        (await storage.Runs.OfSweepAsync(sweep, Token)).Select(r => r.Id).ShouldBe([runs[0], added]);
        var view = (await storage.Sweeps.FindAsync(sweep, Token)).ShouldNotBeNull();
        (view.State, view.Counts.Total, view.Counts.Running, view.Progress).ShouldBe((RunState.Queued, 1, 0, 0));

        await storage.SucceedAsync(runs[0], await storage.RegisterHostAsync("ours"), 0.5);
        view = (await storage.Sweeps.FindAsync(sweep, Token)).ShouldNotBeNull();
        (view.State, view.Counts.Total, view.Progress).ShouldBe((RunState.Succeeded, 1, 1));
        view.FinishedAt.ShouldNotBeNull();
    }

    [Fact]
    public async Task The_experiment_by_default_is_always_there()
    {
        var found = (await Experiments.FindAsync(Experiment.DefaultId, Token)).ShouldNotBeNull();
        (found.Name, found.External).ShouldBe(("Default", true));
        await Should.ThrowAsync<InvalidOperationException>(() => Experiments.DeleteAsync(Experiment.DefaultId, Token));
        (await Experiments.FindAsync(long.MaxValue, Token)).ShouldBeNull();
        (await Experiments.FindAsync("nowhere", Token)).ShouldBeNull();
        (await Experiments.DeleteAsync(long.MaxValue, Token)).ShouldBeFalse();
        (await Experiments.SetTagAsync(long.MaxValue, "a", "b", Token)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_name_is_taken_once_among_those_that_are_not_in_the_recycle_bin()
    {
        var first = await storage.NewExperimentAsync("once");
        (await Should.ThrowAsync<ExperimentExistsException>(() => storage.NewExperimentAsync("once"))).Message.ShouldBe("Experiment(name=once) already exists.");
        await Experiments.DeleteAsync(first, Token);
        var second = await storage.NewExperimentAsync("once");
        (await Experiments.FindAsync("once", Token)).ShouldNotBeNull().Id.ShouldBe(second);
        await Should.ThrowAsync<ExperimentExistsException>(() => Experiments.RestoreAsync(first, Token));
        await Experiments.RenameAsync(second, "twice", Token);
        (await Experiments.FindAsync("once", Token)).ShouldNotBeNull().DeletedAt.ShouldNotBeNull();
        (await Experiments.RestoreAsync(first, Token)).ShouldBeTrue();
        await Should.ThrowAsync<ExperimentExistsException>(() => Experiments.RenameAsync(first, "twice", Token));
    }

    [Fact]
    public async Task People_too_rename_an_experiment_to_a_free_name_alone()
    {
        var id = await storage.NewExperimentAsync("by program");
        await storage.NewExperimentAsync("taken");
        (await storage.Sweeps.ChangeAsync(id, "by hand", null, null, Token)).ShouldNotBeNull().Name.ShouldBe("by hand");
        (await Experiments.FindAsync("by hand", Token)).ShouldNotBeNull().Id.ShouldBe(id);
        await Should.ThrowAsync<ExperimentExistsException>(() => storage.Sweeps.ChangeAsync(id, "taken", null, null, Token));
        (await storage.Sweeps.ChangeAsync(id, "by hand", "with notes", null, Token)).ShouldNotBeNull().Notes.ShouldBe("with notes");
    }

    [Fact]
    public async Task Of_programs_that_take_a_name_at_once_one_gets_it()
    {
        var made = await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            try
            {
                return await storage.NewExperimentAsync("raced");
            }
            catch (ExperimentExistsException)
            {
                return 0;
            }
        }));
        made.Count(id => id != 0).ShouldBe(1);
    }

    [Fact]
    public async Task Tags_and_notes_are_kept_and_removed()
    {
        var id = await Experiments.CreateAsync("tagged", new Dictionary<string, string> { ["a"] = "1", ["mlflow.note.content"] = "Notes" }, Token);
        await Experiments.SetTagAsync(id, "a", "2", Token);
        await Experiments.SetTagAsync(id, "b", "", Token);
        var found = (await Experiments.FindAsync(id, Token)).ShouldNotBeNull();
        found.Tags.OrderBy(t => t.Key).ShouldBe([KeyValuePair.Create("a", "2"), KeyValuePair.Create("b", ""), KeyValuePair.Create("mlflow.note.content", "Notes")]);
        found.ChangedAt.ShouldBeGreaterThan(found.CreatedAt);
        (await Experiments.DeleteTagAsync(id, "a", Token)).ShouldBeTrue();
        (await Experiments.DeleteTagAsync(id, "a", Token)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_deleted_experiment_takes_its_runs_along_and_brings_them_back()
    {
        var id = await storage.NewExperimentAsync();
        var runs = new[] { await storage.NewRunAsync(id), await storage.NewRunAsync(id) };
        (await Experiments.DeleteAsync(id, Token)).ShouldBeTrue();
        foreach (var run in runs) (await storage.FindLoggedAsync(run)).DeletedAt.ShouldNotBeNull();
        (await Experiments.RestoreAsync(id, Token)).ShouldBeTrue();
        foreach (var run in runs) (await storage.FindLoggedAsync(run)).DeletedAt.ShouldBeNull();
        (await Experiments.FindAsync(id, Token)).ShouldNotBeNull().DeletedAt.ShouldBeNull();
    }

    [Theory]
    [InlineData("name", true)]
    [InlineData("creation_time", false)]
    [InlineData("last_update_time", true)]
    public async Task A_list_goes_on_where_its_part_ended(string field, bool descending)
    {
        for (var i = 0; i < 5; i++) await Experiments.CreateAsync($"list {field} {i % 2} {i}", new Dictionary<string, string> { ["of"] = field, ["odd"] = i % 2 == 0 ? "no" : "yes" }, Token);
        var search = new ExperimentSearch([new("tags.of", "=", field)], Presence.Active, [new(field, descending)], 2, null);
        var found = new List<long>();
        for (string? cursor = null; ;)
        {
            var page = await Experiments.SearchAsync(search with { Cursor = cursor }, Token);
            found.AddRange(page.Experiments.Select(e => e.Id));
            if ((cursor = page.Next) is null) break;
        }
        var whole = (await Experiments.SearchAsync(search with { Limit = 100 }, Token)).Experiments;
        found.ShouldBe(whole.Select(e => e.Id));
        found.Count.ShouldBe(5);
        if (field == "name") whole.Select(e => e.Name).ShouldBe(whole.Select(e => e.Name).OrderDescending(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_search_finds_by_name_tag_and_time_and_refuses_what_it_does_not_know()
    {
        var id = await Experiments.CreateAsync("Find_ME", new Dictionary<string, string> { ["team"] = "blue" }, Token);
        var created = (await Experiments.FindAsync(id, Token)).ShouldNotBeNull().CreatedAt.ToUnixTimeMilliseconds();
        foreach (var condition in new ExperimentCondition[] { new("name", "LIKE", "Find%"), new("name", "ILIKE", "find_me"), new("tags.team", "=", "blue"), new("tags.team", "!=", "red"), new("creation_time", "=", created) })
            (await FindAsync(condition)).ShouldContain(id, condition.ToString());
        foreach (var condition in new ExperimentCondition[] { new("name", "=", "find_me"), new("tags.none", "!=", "red"), new("creation_time", ">", created) })
            (await FindAsync(condition)).ShouldNotContain(id, condition.ToString());
        foreach (var condition in new ExperimentCondition[] { new("state", "=", "a"), new("name", "<", "a"), new("name", "=", 1L), new("creation_time", "LIKE", "a"), new("creation_time", "=", "a") })
            await Should.ThrowAsync<FilterException>(() => FindAsync(condition));
        await Should.ThrowAsync<FilterException>(() => Experiments.SearchAsync(new([], Presence.Active, [new("owner", false)], 1, null), Token));
        foreach (var cursor in new[] { "nonsense", "!", "WyJhIl0" })
            await Should.ThrowAsync<FilterException>(() => Experiments.SearchAsync(new([], Presence.Active, [], 1, cursor), Token));
    }

    private async Task<IReadOnlyList<long>> FindAsync(ExperimentCondition condition) =>
        [.. (await Experiments.SearchAsync(new([condition], Presence.All, [], 1000, null), Token)).Experiments.Select(e => e.Id)];
}
