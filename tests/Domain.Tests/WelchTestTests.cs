namespace Tracker.Domain.Tests;

public sealed class WelchTestTests
{
    [Fact]
    public void Two_and_two_seeds_have_the_closed_form_of_two_degrees_of_freedom()
    {
        var test = Between([10, 12], [0, 2]);

        test.Difference.ShouldBe(10);
        test.T.ShouldBe(10 / Math.Sqrt(2), 1e-12);
        test.DegreesOfFreedom.ShouldBe(2, 1e-12);
        test.PValue.ShouldBe(1 - test.T / Math.Sqrt(2 + test.T * test.T), 1e-10);
    }

    [Fact]
    public void Three_and_three_seeds_have_the_closed_form_of_four_degrees_of_freedom()
    {
        var test = Between([92.1, 92.6, 93.1], [91.0, 91.5, 92.0]);

        test.DegreesOfFreedom.ShouldBe(4, 1e-9);
        var squared = test.T * test.T;
        var below = 0.5 + 0.375 * test.T / Math.Sqrt(1 + squared / 4) * (1 - squared / (1 + squared / 4) / 12);
        test.PValue.ShouldBe(2 * (1 - below), 1e-9);
    }

    [Fact]
    public void Unequal_variances_and_sizes_take_degrees_of_freedom_away()
    {
        // Worked by hand: variances 1 and 25 over 4 and 6 values, squared errors 0.25 and 25/6.
        var test = WelchTest.Between(new(4, 20, 1, 0), new(6, 14, 5, 0)).ShouldNotBeNull();

        test.T.ShouldBe(6 / Math.Sqrt(0.25 + 25.0 / 6), 1e-12);
        test.DegreesOfFreedom.ShouldBe(Math.Pow(0.25 + 25.0 / 6, 2) / (0.25 * 0.25 / 3 + Math.Pow(25.0 / 6, 2) / 5), 1e-9);
        test.DegreesOfFreedom.ShouldBeLessThan(6);
    }

    [Fact]
    public void The_order_of_the_samples_only_turns_the_sign()
    {
        var (there, back) = (Between([1, 2, 4], [5, 9, 6]), Between([5, 9, 6], [1, 2, 4]));

        there.Difference.ShouldBe(-back.Difference);
        there.PValue.ShouldBe(back.PValue);
    }

    [Fact]
    public void Equal_means_are_as_likely_as_can_be() => Between([1, 3], [0, 4]).PValue.ShouldBe(1, 1e-12);

    [Fact]
    public void One_seed_or_no_spread_at_all_tells_nothing()
    {
        WelchTest.Between(new(1, 90, null, 90), new(3, 91, 0.5, 92)).ShouldBeNull();
        WelchTest.Between(new(2, 90, 0, 90), new(2, 91, 0, 91)).ShouldBeNull();
        WelchTest.Between(new(2, 90, 0, 90), new(2, 91, 0.1, 91)).ShouldNotBeNull();
    }

    [Fact]
    public void Holm_multiplies_the_smallest_by_all_and_the_next_by_one_less()
    {
        HolmCorrection.Adjust([0.04, 0.01, 0.03]).ShouldBe([0.06, 0.03, 0.06], 1e-12);
        HolmCorrection.Adjust([0.9, 0.8]).ShouldBe([1, 1]);
        HolmCorrection.Adjust([0.02]).ShouldBe([0.02]);
        HolmCorrection.Adjust([]).ShouldBeEmpty();
    }

    private static WelchTest Between(double[] first, double[] second) =>
        WelchTest.Between(SeedStatistics.Of(first)!, SeedStatistics.Of(second)!).ShouldNotBeNull();
}
