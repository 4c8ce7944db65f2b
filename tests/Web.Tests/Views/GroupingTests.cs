using Tracker.Web.Views;

namespace Tracker.Web.Tests.Views;

public sealed class GroupingTests
{
    private const string Sweep = """{ "network": "f1", "dataset": "fashion-mnist", "largeBatch": [1024, 4096], "methods": ["sb", "lb", "lb+lr"], "seeds": [0, 1] }""";

    [Theory]
    [InlineData("runs", "runs")]
    [InlineData("setting", "setting")]
    [InlineData("technique, batch", "technique,batch")]
    [InlineData("method,nonsense", "technique")]
    [InlineData("nonsense", "setting")]
    [InlineData(null, "setting")]
    public void A_grouping_is_read_from_an_address(string? text, string expected) => RunGrouping.Read(text, RunGrouping.Setting).ToString().ShouldBe(expected);

    [Fact]
    public void Runs_that_differ_only_in_the_seed_are_one_group_named_by_what_differs() =>
        RunGrouping.Setting.Of(SampleRuns.Of(Sweep)).Select(group => (group.Name, group.Runs.Count)).ShouldBe(
            [("SB, batch 128", 2), ("LB, batch 1,024", 2), ("LB, batch 4,096", 2), ("+LR, batch 1,024", 2), ("+LR, batch 4,096", 2)]);

    [Fact]
    public void Fields_make_groups_in_their_natural_order()
    {
        RunGrouping.Read("batch", RunGrouping.Each).Of(SampleRuns.Of(Sweep)).Select(group => group.Name).ShouldBe(["batch 128", "batch 1,024", "batch 4,096"]);
        RunGrouping.Read("technique,seed", RunGrouping.Each).Of(SampleRuns.Of(Sweep)).Select(group => (group.Name, group.Runs.Count)).ShouldBe(
            [("SB, seed 0", 1), ("SB, seed 1", 1), ("LB, seed 0", 2), ("LB, seed 1", 2), ("+LR, seed 0", 2), ("+LR, seed 1", 2)]);
    }

    [Theory]
    [InlineData("technique,batch,ghost", "SB, batch 128; LB, batch 1,024; +GBN, batch 1,024, ghost 64; +GBN, batch 1,024, ghost 128")]
    [InlineData("technique,ghost", "SB; LB; +GBN, ghost 64; +GBN, ghost 128")]
    [InlineData("technique,network,ghost", "SB; LB; +GBN, ghost 64; +GBN, ghost 128")]
    [InlineData("network,ghost", "no ghosts; ghost 64; ghost 128")]
    [InlineData("ghost", "no ghosts; ghost 64; ghost 128")]
    [InlineData("network,dataset", "F1, Fashion-MNIST")]
    public void Names_leave_out_what_all_groups_share_and_what_a_group_has_not_as_long_as_they_tell_them_apart(string grouping, string expected)
    {
        const string Ghosts = """{ "network": "f1", "dataset": "fashion-mnist", "largeBatch": [1024], "ghostBatch": [64, 128], "methods": ["sb", "lb", "lb+lr+gbn"], "seeds": [0, 1] }""";
        string.Join("; ", RunGrouping.Read(grouping, RunGrouping.Each).Of(SampleRuns.Of(Ghosts)).Select(group => group.Name)).ShouldBe(expected);
    }

    [Fact]
    public void Techniques_keep_their_colours_and_no_two_groups_look_alike()
    {
        var looks = RunGrouping.Setting.Of(SampleRuns.Of(Sweep)).Select(group => group.Look).ToArray();
        looks.Select(look => look.Color).ShouldBe(["series-1", "series-2", "series-2", "series-3", "series-3"]);
        looks.Select(look => $"{look.Color} {string.Join(' ', look.Dash)}").ShouldBeUnique();
        looks[3].Dash.ShouldBe([9, 4]);
    }

    [Fact]
    public void A_run_keeps_its_look_whichever_others_stand_beside_it_and_whatever_their_order()
    {
        var runs = SampleRuns.Of(Sweep);
        var all = RunGrouping.Each.Of([.. runs.Take(8)]);
        RunGrouping.Each.Of([runs[5], runs[2]]).Select(group => group.Look.Color).ShouldBe([all[5].Look.Color, all[2].Look.Color]);
        all.Select(group => group.Look.Color).ShouldBeUnique();
        all[0].Name.ShouldBe("#1 SB, batch 128, seed 0");
    }

    [Fact]
    public void Past_the_looks_that_can_be_told_apart_curves_are_grey()
    {
        var looks = CurveLooks.OfRuns([.. Enumerable.Range(1, 100).Select(id => (long)id)]);
        looks.Take(CurveLooks.Most).Select(look => $"{look.Color} {string.Join(' ', look.Dash)}").ShouldBeUnique();
        looks.Skip(CurveLooks.Most).ShouldAllBe(look => look.Color == "text-3");
    }
}
