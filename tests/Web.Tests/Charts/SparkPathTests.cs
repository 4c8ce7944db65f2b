using Tracker.Domain;
using Tracker.Web.Components.Charts;
using Tracker.Web.Components.Parts;

namespace Tracker.Web.Tests.Charts;

public sealed class SparkPathTests
{
    [Fact]
    public void A_curve_runs_from_edge_to_edge_with_the_highest_value_on_top()
    {
        var (path, last) = SparkPath.Draw([0, 1], 24);
        path.ShouldBe("M0 22L100 3");
        last.ShouldBe("100 3");
    }

    [Fact]
    public void A_constant_is_a_line_in_the_middle() => SparkPath.Draw([5, 5], 24).Path.ShouldBe("M0 12.5L100 12.5");

    [Fact]
    public void One_value_is_no_curve() => SparkPath.Draw([5, double.NaN], 24).Path.ShouldBeEmpty();

    [Fact]
    public void Gap_charts_share_a_scale_with_zero_and_room_above()
    {
        var scale = new GapScale([-0.0913, null, 0.004]);
        scale.Ticks.ShouldContain(0);
        scale.Share(0.004).ShouldBeGreaterThan(0);
        scale.Share(-0.0913).ShouldBeLessThan(1);
    }

    [Theory]
    [InlineData("sb", "SB", 1)]
    [InlineData("lb+lr+gbn+ra", "+RA", 5)]
    [InlineData("lb+lr", "+LR", 3)]
    public void The_papers_columns_keep_their_colours(string method, string name, int series) =>
        Technique.Of(Read(method)).ShouldSatisfyAllConditions(t => t.Name.ShouldBe(name), t => t.Series.ShouldBe(series));

    [Fact]
    public void Other_combinations_never_take_a_columns_colour()
    {
        Technique.Of(Read("lb+gbn")).Series.ShouldBeInRange(6, 8);
        Technique.Of(Read("lb+gbn")).Name.ShouldBe("LB +GBN");
    }

    private static Method Read(string text) => Method.TryParse(text, out var method, out var error) ? method : throw new ArgumentException(error, nameof(text));
}
