using Tracker.Domain;

namespace Tracker.Storage.Tests;

public class OrderTests(SearchFixture runs) : IClassFixture<SearchFixture>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("id", false, "0 1 2 3 4 5")]
    [InlineData("id", true, "5 4 3 2 1 0")]
    [InlineData("metrics.loss", false, "2 0 3 1 5 4")]
    [InlineData("metrics.loss", true, "3 0 2 1 5 4")]
    [InlineData("metrics.`val acc`", true, "0 1 5 4 3 2")]
    [InlineData("ghost_batch", false, "4 5 3 2 1 0")]
    [InlineData("ghost_batch", true, "4 5 3 2 1 0")]
    [InlineData("batch", false, "5 3 2 1 0 4")]
    [InlineData("state", false, "5 4 3 2 0 1")]
    [InlineData("priority", true, "2 5 4 3 1 0")]
    [InlineData("accuracy", true, "0 5 4 3 2 1")]
    [InlineData("owner", false, "5 4 3 2 1 0")]
    [InlineData("notes", false, "2 5 4 3 1 0")]
    [InlineData("tags", false, "2 4 5 3 1 0")]
    [InlineData("trust", true, "3 5 4 2 1 0")]
    [InlineData("params.own", false, "5 3 4 2 1 0")]
    [InlineData("metrics.none", true, "5 4 3 2 1 0")]
    public async Task Ties_are_newest_first_and_runs_without_the_field_come_last_either_way(string field, bool descending, string seeds) =>
        string.Join(' ', await runs.SeedsAsync("", new(field, descending))).ShouldBe(seeds);

    [Fact]
    public async Task Parts_of_any_size_make_up_the_whole_list_in_every_order()
    {
        var fields = FilterFields.All.Select(f => f.Name).Append("metrics.loss").Append("params.own").Append("tags.team");
        foreach (var order in fields.SelectMany(f => new[] { new RunOrder(f, false), new RunOrder(f, true) }))
        {
            var whole = await runs.Search.IdsAsync(new() { Filter = runs.Mine, Order = order, Limit = 100 }, Token);
            foreach (var size in new[] { 1, 4 })
            {
                var parts = new List<long>();
                var search = new RunSearch { Filter = runs.Mine, Order = order, Limit = size };
                RunPage page;
                do
                {
                    page = await runs.Search.PageAsync(search, Token);
                    parts.AddRange(page.Runs.Select(r => r.Run.Id));
                    search = search with { Cursor = page.Next };
                }
                while (page.More);
                parts.ShouldBe(whole, $"{order} by {size}");
            }
        }
    }

    [Fact]
    public async Task Nothing_is_repeated_or_lost_while_runs_are_added()
    {
        var order = new RunOrder("batch", false);
        var search = new RunSearch { Filter = "batch > 5000", Order = order, Limit = 2 };
        for (var batch = 6000; batch < 6010; batch++) await runs.CopyAsync(runs.Runs[5], $"jsonb_build_object('batch', {batch / 2 * 2})");
        var before = await runs.Search.IdsAsync(search with { Order = order, Limit = 100 }, Token);
        before.Count.ShouldBe(10);
        var seen = new List<long>();
        var isMore = true;
        while (isMore)
        {
            var page = await runs.Search.PageAsync(search, Token);
            seen.AddRange(page.Runs.Select(r => r.Run.Id));
            await runs.CopyAsync(runs.Runs[5], "jsonb_build_object('batch', 5001)");
            await runs.CopyAsync(runs.Runs[5], "jsonb_build_object('batch', 6004)");
            isMore = page.More && seen.Count < 1000;
            search = search with { Cursor = page.Runs[^1].Cursor };
        }
        seen.ShouldBeUnique();
        seen.Where(before.Contains).ShouldBe(before);
        await runs.ExecuteAsync("DELETE FROM runs WHERE batch > 5000");
    }

    [Fact]
    public async Task A_part_far_down_is_reached_by_leaving_out_those_before()
    {
        var page = await runs.Search.PageAsync(new() { Filter = runs.Mine, Order = new("seed", false), Skip = 3, Limit = 2, Metrics = ["loss", "val acc", "none"] }, Token);
        page.Runs.Select(r => r.Run.Spec.Seed).ShouldBe([3, 4]);
        page.More.ShouldBeTrue();
        page.Runs[0].Metrics.ShouldBe(new Dictionary<string, double> { ["loss"] = double.PositiveInfinity });
        page.Runs[1].Metrics.ShouldBeEmpty();
        (await runs.Search.PageAsync(new() { Filter = runs.Mine, Skip = 10 }, Token)).ShouldSatisfyAllConditions(p => p.Runs.ShouldBeEmpty(), p => p.More.ShouldBeFalse());
        var after = await runs.Search.PageAsync(new() { Filter = runs.Mine, Order = new("seed", false), Cursor = page.Runs[0].Cursor, Skip = 1 }, Token);
        after.Runs.Select(r => r.Run.Spec.Seed).ShouldBe([5]);
    }

    [Fact]
    public async Task A_condition_beside_the_filter_holds_as_well()
    {
        var within = FilterParser.Parse("seed in (1, 2)");
        (await runs.Search.PageAsync(new() { Filter = $"{runs.Mine} and (seed = 2 or seed = 3)", Within = within }, Token)).Runs.ShouldHaveSingleItem().Run.Spec.Seed.ShouldBe(2);
    }

    [Fact]
    public async Task A_cursor_of_another_order_or_of_nobody_is_refused()
    {
        var page = await runs.Search.PageAsync(new() { Filter = runs.Mine, Order = new("batch", false), Limit = 1 }, Token);
        var cursor = page.Next.ShouldNotBeNull();
        foreach (var (order, text) in new[]
        {
            (new RunOrder("batch", true), cursor), (new RunOrder("seed", false), cursor), (RunOrder.Newest, cursor),
            (new RunOrder("batch", false), cursor[..12]), (new RunOrder("batch", false), "zz"), (new RunOrder("batch", false), "%"),
            (new RunOrder("batch", false), new string('A', 100_000)),
        })
        {
            var fault = await Should.ThrowAsync<FilterException>(runs.Search.PageAsync(new() { Filter = runs.Mine, Order = order, Cursor = text }, Token));
            fault.Part.ShouldBe(FilterPart.Cursor);
        }
        (await Should.ThrowAsync<FilterException>(runs.Search.PageAsync(new() { Order = new("nothing", false) }, Token))).Part.ShouldBe(FilterPart.Order);
        (await Should.ThrowAsync<FilterException>(runs.Search.CountAsync(new() { Filter = "nothing" }, Token))).Part.ShouldBe(FilterPart.Filter);
    }
}
