using Tracker.Domain;
using Tracker.Web.Views.Grid;

namespace Tracker.Web.Tests.Views.Grid;

public sealed class RunListingTests
{
    private readonly FakeSearch _search = new(500);
    private readonly SteppedClock _clock = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task New_runs_are_told_and_do_not_move_the_rows()
    {
        var list = await OpenAsync("");
        _search.Runs.AddRange([_search.Runs[0] with { Id = 501 }, _search.Runs[0] with { Id = 502 }]);
        await list.RefreshAsync(Token);
        list.New.ShouldBe(2);
        list.Total.ShouldBe(500);
        list.At(0)!.Run.Id.ShouldBe(500);
    }

    [Fact]
    public async Task Only_new_runs_that_the_filter_matches_are_told()
    {
        var list = await OpenAsync("state = 'Queued'");
        _search.Runs.AddRange([_search.Runs[0] with { Id = 501 }, _search.Runs[0] with { Id = 502, State = RunState.Failed }]);
        await list.RefreshAsync(Token);
        list.New.ShouldBe(1);
    }

    [Theory]
    [InlineData("state = 'Queued' and")]
    [InlineData("state = 'Queued' AND ")]
    public async Task A_filter_that_ends_with_and_is_understood_at_each_refresh(string filter)
    {
        var list = await OpenAsync(filter);
        _search.Runs.Add(_search.Runs[0] with { Id = 501 });
        await list.RefreshAsync(Token);
        list.New.ShouldBe(1);
    }

    [Fact]
    public async Task A_filter_at_its_limits_is_understood_at_each_refresh()
    {
        var list = await OpenAsync(string.Join(" and ", Enumerable.Repeat("state = 'Queued'", FilterParser.MaxTerms)));
        await list.RefreshAsync(Token);
        list.Total.ShouldBe(500);
        list = await OpenAsync("state".PadRight(FilterParser.MaxLength - 11) + " = 'Queued'");
        await list.RefreshAsync(Token);
        list.Total.ShouldBe(500);
    }

    [Fact]
    public async Task A_run_on_screen_follows_its_changes_and_keeps_its_row_when_the_filter_no_longer_matches()
    {
        var list = await OpenAsync("state = 'Queued'");
        _search.Runs[499] = _search.Runs[499] with { State = RunState.Running };
        _clock.Advance(TimeSpan.FromSeconds(6));
        await list.RefreshAsync(Token);
        list.At(0)!.Run.State.ShouldBe(RunState.Running);
        list.At(0)!.Run.Id.ShouldBe(500);
        list.Gone.ShouldBe(1);
    }

    [Fact]
    public async Task Only_what_is_on_screen_is_watched_and_asked_for_again()
    {
        var list = await OpenAsync("");
        await list.ShowAsync(300, 20, Token);
        list.Shows(200).ShouldBeTrue();
        list.Shows(500).ShouldBeFalse();
        _search.Asked.Clear();
        await list.RefreshAsync(Token);
        _search.Asked.ShouldHaveSingleItem().Limit.ShouldBe(20);
    }

    [Fact]
    public async Task Ids_of_a_stretch_that_is_not_loaded_are_found_all_the_same()
    {
        var list = await OpenAsync("");
        (await list.IdsAsync(2, 3, Token)).ShouldBe([498, 497, 496]);
        (await list.IdsAsync(398, 3, Token)).ShouldBe([102, 101, 100]);
        (await list.IdsAsync(0, 1000, Token)).Count.ShouldBe(500);
    }

    private Task<RunListing> OpenAsync(string filter) => RunListing.OpenAsync(_search, _clock, GridQuery.Read(filter, null, null), Token);

    private sealed class SteppedClock : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        public void Advance(TimeSpan by) => _ticks += by.Ticks;
    }
}
