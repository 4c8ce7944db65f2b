namespace Tracker.Domain.Tests;

public sealed class SeedStatisticsTests
{
    [Fact]
    public void The_spread_is_the_sample_standard_deviation()
    {
        var statistics = SeedStatistics.Of([2, 4, 4, 4, 5, 5, 7, 9])!;

        statistics.Mean.ShouldBe(5);
        statistics.StandardDeviation!.Value.ShouldBe(2.138089935299395, 1e-12);
        statistics.Best.ShouldBe(9);
        statistics.Count.ShouldBe(8);
    }

    [Fact]
    public void A_single_seed_has_no_spread() => SeedStatistics.Of([97.5]).ShouldBe(new SeedStatistics(1, 97.5, null, 97.5));

    [Fact]
    public void No_seed_has_no_statistics() => SeedStatistics.Of([]).ShouldBeNull();

    [Fact]
    public void A_value_that_is_not_finite_is_refused() => Should.Throw<ArgumentException>(() => SeedStatistics.Of([1, double.NaN]));
}
