using Tracker.Web.Views.Grid;

namespace Tracker.Web.Tests.Views.Grid;

public sealed class RunSelectionTests
{
    private readonly RunSelection _selection = new();

    [Fact]
    public void A_run_is_chosen_and_no_longer()
    {
        _selection.Toggle(4, 40);
        _selection.Has(40).ShouldBeTrue();
        _selection.Toggle(4, 40);
        _selection.Count.ShouldBe(0);
    }

    [Theory]
    [InlineData(4, 7, 4, 4)]
    [InlineData(7, 4, 4, 4)]
    [InlineData(4, 4, 4, 1)]
    public void A_range_goes_from_the_row_chosen_last_in_either_direction(int first, int last, int start, int count)
    {
        _selection.Toggle(first, 1);
        _selection.RangeTo(last).ShouldBe((start, count));
    }

    [Fact]
    public void A_range_adds_to_what_is_chosen_and_the_next_one_begins_at_its_end()
    {
        _selection.Toggle(1, 10);
        _selection.Toggle(5, 50);
        _selection.Extend(7, [50, 60, 70]);
        _selection.Ids.ShouldBe([70, 60, 50, 10]);
        _selection.RangeTo(9).ShouldBe((7, 3));
    }

    [Fact]
    public void All_that_match_take_the_place_of_what_was_chosen()
    {
        _selection.Toggle(1, 10);
        _selection.Become([1, 2, 3]);
        _selection.Ids.ShouldBe([3, 2, 1]);
        _selection.Anchor.ShouldBeNull();
    }
}
