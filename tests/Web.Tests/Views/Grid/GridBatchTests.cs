using Tracker.Web.Views.Grid;

namespace Tracker.Web.Tests.Views.Grid;

public sealed class GridBatchTests
{
    [Fact]
    public async Task All_runs_are_acted_on_and_what_came_of_it_is_said()
    {
        var batch = new GridBatch(Doing(2, ids => ids.Count(id => id != 3)), 5);
        var told = new List<int>();
        await batch.GoAsync(null!, [1, 2, 3, 4, 5], () => told.Add(batch.Done), CancellationToken.None);
        told.ShouldBe([2, 4, 5]);
        batch.Action.Outcome(batch).ShouldBe("4 runs done; 1 needed nothing.");
    }

    [Fact]
    public async Task A_refusal_is_told_and_does_not_keep_the_others_from_it()
    {
        var batch = new GridBatch(Doing(1, ids => ids[0] == 2 ? throw new InvalidOperationException("Run 2 trains.") : 1), 3);
        await batch.GoAsync(null!, [1, 2, 3], () => { }, CancellationToken.None);
        batch.Action.Outcome(batch).ShouldBe("2 runs done; 1 refused: Run 2 trains.");
    }

    [Fact]
    public async Task It_can_be_stopped_in_between_and_says_so()
    {
        using var ending = new CancellationTokenSource();
        var batch = new GridBatch(Doing(1, _ => 1), 3);
        await batch.GoAsync(null!, [1, 2, 3], ending.Cancel, ending.Token);
        batch.Action.Outcome(batch).ShouldBe("1 run done; stopped before the other 2.");
    }

    private static GridAction Doing(int atOnce, Func<IReadOnlyList<long>, int> act) => new("Do", "x", "Doing", "done", atOnce, (_, ids, _) => Task.FromResult(act(ids)));
}
