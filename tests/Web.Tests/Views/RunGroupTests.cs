using Tracker.Domain;
using Tracker.Web.Components.Parts;
using Tracker.Web.Views;

namespace Tracker.Web.Tests.Views;

public sealed class RunGroupTests
{
    [Fact]
    public void Runs_that_differ_only_in_their_seed_are_one_group_in_the_order_of_the_papers_columns()
    {
        var groups = RunGroup.Of(SampleRuns.Of("""{ "network": "f1", "dataset": "fashion-mnist", "largeBatch": [1024, 4096], "seeds": [3, 1] }"""));
        groups.Select(group => $"{group.Name} {group.Batch}").ShouldBe(
            ["SB 128", "LB 1024", "LB 4096", "+LR 1024", "+LR 4096", "+GBN 1024", "+GBN 4096", "+RA 1024", "+RA 4096"]);
        groups[0].Runs.Select(run => run.Spec.Seed).ShouldBe([1, 3]);
    }

    [Fact]
    public void What_else_a_sweep_varies_is_told_in_the_name()
    {
        var groups = RunGroup.Of(SampleRuns.Of(
            """{ "network": "f1", "dataset": "fashion-mnist", "largeBatch": [1024], "ghostBatch": [64, 128], "methods": ["sb", "lb+gbn"], "parameters": { "learningRate": [0.1, 0.05] } }"""));
        groups.Select(group => group.Name).ShouldBe(
            ["SB rate 0.1", "SB rate 0.05", "LB +GBN ghost 64, rate 0.1", "LB +GBN ghost 64, rate 0.05", "LB +GBN ghost 128, rate 0.1", "LB +GBN ghost 128, rate 0.05"]);
    }

    [Fact]
    public void A_run_whose_host_is_lost_looks_lost_and_never_as_if_it_ran()
    {
        var run = SampleRuns.Of("""{ "network": "f1", "dataset": "fashion-mnist", "smallBatch": 128 }""")[0];
        run.Look().ShouldBe(StateLook.Queued);
        (run with { HostLost = true }).Look().ShouldBe(StateLook.Lost);
        (run with { State = RunState.Running, HostLost = true }).Look().ShouldBe(StateLook.Lost);
    }

    [Fact]
    public void A_wish_is_said_only_while_a_host_holds_the_run()
    {
        var run = SampleRuns.Of("""{ "network": "f1", "dataset": "fashion-mnist", "smallBatch": 128 }""")[0] with { Wish = RunWish.Pause };
        (run with { State = RunState.Running }).Word().ShouldBe("Pausing");
        run.Word().ShouldBe("Queued");
    }

    [Fact]
    public void Notches_stand_where_the_learning_rate_changes() =>
        SampleRuns.Of("""{ "network": "f1", "dataset": "fashion-mnist", "smallBatch": 128 }""")[0].Spec.Notches().ShouldBe([0.2, 0.4, 0.6]);

    [Fact]
    public void Rate_changes_close_together_are_marked_once()
    {
        var runs = SampleRuns.Of("""{ "network": "f1", "dataset": "fashion-mnist", "largeBatch": [4096], "methods": ["sb", "lb", "lb+lr"] }""");
        RateDrops.Of(runs.Select(run => run.Spec), CurveAxis.Epoch, 50).Select(mark => (mark.At, mark.Text)).ShouldBe([(10, "rate ÷ 10"), (20, "rate ÷ 10"), (30, "rate ÷ 10")]);
        RateDrops.Of(runs.Select(run => run.Spec), CurveAxis.Step, 23_450).Count.ShouldBe(6);
    }
}
