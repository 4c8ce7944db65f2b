using Tracker.Storage;
using Tracker.Web.Views.Grid;

namespace Tracker.Web.Tests.Views.Grid;

public sealed class RunPartsTests
{
    private const int Total = 10_000;
    private readonly FakeSearch _search = new(Total);
    private readonly RunParts _parts;

    public RunPartsTests() => _parts = new(_search.PageAsync, new(), Total);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Rows_are_where_the_order_puts_them()
    {
        await _parts.LoadAsync(5000, 40, Token);
        await _parts.LoadAsync(0, 40, Token);
        _parts.At(0)!.Run.Id.ShouldBe(10_000);
        _parts.At(5000)!.Run.Id.ShouldBe(5000);
        _parts.At(5039)!.Run.Id.ShouldBe(4961);
        _parts.At(2000).ShouldBeNull();
    }

    [Fact]
    public async Task What_is_loaded_is_not_asked_for_again()
    {
        await _parts.LoadAsync(0, RunParts.Size, Token);
        await _parts.LoadAsync(10, 20, Token);
        _search.Asked.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Scrolling_on_continues_at_the_end_of_the_part_before()
    {
        await _parts.LoadAsync(0, RunParts.Size * 2, Token);
        _search.Asked.Select(asked => (asked.Cursor, asked.Skip)).ShouldBe([(null, 0), ("9941", 0)]);
    }

    [Fact]
    public async Task A_jump_leaves_out_only_what_lies_behind_the_nearest_known_place()
    {
        await _parts.LoadAsync(RunParts.Size * 50, 1, Token);
        await _parts.LoadAsync(RunParts.Size * 60, 1, Token);
        await _parts.LoadAsync(RunParts.Size * 20, 1, Token);
        _search.Asked.Select(asked => asked.Skip).ShouldBe([RunParts.Size * 50, RunParts.Size * 9, RunParts.Size * 20]);
        _parts.At(RunParts.Size * 60)!.Run.Id.ShouldBe(Total - (RunParts.Size * 60));
    }

    [Fact]
    public async Task Who_waits_for_the_same_part_shares_the_question()
    {
        _search.Gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var one = _parts.LoadAsync(0, 10, Token);
        var two = _parts.LoadAsync(5, 10, Token);
        _search.Gate.SetResult();
        await Task.WhenAll(one, two);
        _search.Asked.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Who_scrolls_on_stops_waiting_and_the_part_comes_all_the_same()
    {
        _search.Gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using var scrolledOn = new CancellationTokenSource();
        var one = _parts.LoadAsync(0, 10, scrolledOn.Token);
        await scrolledOn.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(one);
        _search.Gate.SetResult();
        await _parts.LoadAsync(0, 10, Token);
        _search.Asked.Count.ShouldBe(1);
        _parts.At(0).ShouldNotBeNull();
    }

    [Fact]
    public async Task Only_so_many_parts_are_kept_and_the_first_come_back_when_they_are_looked_at()
    {
        for (var part = 0; part <= RunParts.MostKept; part++)
            await _parts.LoadAsync(part * RunParts.Size, 1, Token);
        _parts.At(0).ShouldBeNull();
        _parts.At(RunParts.Size).ShouldNotBeNull();
        await _parts.LoadAsync(0, 1, Token);
        _parts.At(0)!.Run.Id.ShouldBe(Total);
    }

    [Fact]
    public async Task A_list_that_ends_earlier_than_counted_is_that_much_shorter()
    {
        _search.Runs.RemoveAll(run => run.Id <= 30);
        await _parts.LoadAsync(Total - 60, 60, Token);
        _parts.Total.ShouldBe(Total - 30);
    }

    [Fact]
    public async Task A_run_that_is_deleted_while_its_part_is_read_leaves_no_row_empty()
    {
        _search.Vanishing = Total - 5;
        await _parts.LoadAsync(0, RunParts.Size, Token);
        _parts.Has(0, RunParts.Size).ShouldBeTrue();
        _parts.At(5)!.Run.Id.ShouldBe(Total - 6);
        _parts.At(RunParts.Size - 1)!.Run.Id.ShouldBe(Total - RunParts.Size);
        await _parts.LoadAsync(RunParts.Size, 1, Token);
        _parts.At(RunParts.Size)!.Run.Id.ShouldBe(Total - RunParts.Size - 1);
    }

    [Fact]
    public async Task A_part_that_stays_short_is_not_taken_for_loaded()
    {
        var parts = new RunParts(
            async (search, token) => await _search.PageAsync(search with { Limit = RunParts.Size - 1 }, token), new(), Total);
        await parts.LoadAsync(0, RunParts.Size, Token);
        parts.Has(0, RunParts.Size).ShouldBeFalse();
        _search.Asked.Clear();
        await parts.LoadAsync(0, RunParts.Size, Token);
        _search.Asked.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task A_part_that_could_not_be_fetched_is_asked_for_again()
    {
        _search.Away = true;
        await Should.ThrowAsync<TimeoutException>(() => _parts.LoadAsync(0, 10, Token));
        _search.Away = false;
        await _parts.LoadAsync(0, 10, Token);
        _parts.At(9).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_newer_version_of_a_run_takes_its_place()
    {
        await _parts.LoadAsync(0, 10, Token);
        var old = _parts.At(3)!;
        _parts.Replace(new Dictionary<long, FoundRun> { [old.Run.Id] = new(old.Run with { Notes = "newer" }, old.Metrics, "elsewhere") });
        _parts.At(3)!.Run.Notes.ShouldBe("newer");
        _parts.At(3)!.Cursor.ShouldBe(old.Cursor);
    }
}
