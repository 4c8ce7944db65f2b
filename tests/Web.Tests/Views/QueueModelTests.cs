using Tracker.Domain;
using Tracker.Storage;
using Tracker.Web.Views;

namespace Tracker.Web.Tests.Views;

public sealed class QueueModelTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(50, 1)]
    [InlineData(51, 2)]
    [InlineData(10_000, 200)]
    public void Pages_hold_fifty_runs(int total, int pages) => QueueModel.PagesFor(total).ShouldBe(pages);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(50, 1)]
    [InlineData(51, 2)]
    public void A_place_is_found_on_its_page(int place, int page) => QueueModel.PageOf(place).ShouldBe(page);

    [Fact]
    public void Every_reason_has_a_word() =>
        Enum.GetValues<QueueReason>().Select(reason => reason.Word()).ShouldBeUnique();

    [Fact]
    public void Priorities_move_by_one_class()
    {
        Priority.Low.Above().ShouldBe(Priority.Normal);
        Priority.Normal.Above().ShouldBe(Priority.High);
        Priority.High.Above().ShouldBeNull();
        Priority.High.Below().ShouldBe(Priority.Normal);
        Priority.Low.Below().ShouldBeNull();
        PriorityChoices.Except(Priority.Normal).ShouldBe([Priority.High, Priority.Low]);
    }

    [Fact]
    public void Runs_without_a_host_are_counted_over_all_reasons()
    {
        var queue = new QueueView([], 7, null, [new(1, "a", 60), new(2, "b", 240)]) { Unplaced = [new("No host has a GPU.", 2), new("No host has the label a100.", 3)] };
        var model = new QueueModel([], queue, 1, 0, new());
        model.Unplaced.ShouldBe(5);
        model.MostSeconds.ShouldBe(240);
    }
}
