using Tracker.Web.Views;
using Tracker.Web.Views.Grid;

namespace Tracker.Web.Tests.Views.Grid;

public sealed class FaultMarkTests
{
    [Fact]
    public void The_place_of_a_fault_is_marked() =>
        FaultMark.In("btch > 12", new FilterFault("", 0, 4)).ShouldBe(new FaultMark("", "btch", " > 12"));

    [Fact]
    public void Where_something_is_missing_the_mark_is_empty() =>
        FaultMark.In("batch >", new FilterFault("", 7, 0)).ShouldBe(new FaultMark("batch >", "", ""));

    [Fact]
    public void A_fault_that_goes_past_the_end_is_cut_there() =>
        FaultMark.In("abc", new FilterFault("", 2, 9)).ShouldBe(new FaultMark("ab", "c", ""));

    [Fact]
    public void A_fault_that_is_not_in_the_filter_has_no_mark() => FaultMark.In("", new FilterFault("", 3, 2)).ShouldBeNull();
}
