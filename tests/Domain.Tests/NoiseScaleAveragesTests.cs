namespace Tracker.Domain.Tests;

public sealed class NoiseScaleAveragesTests
{
    private const double Squared = 0.3;
    private const double Variance = 42;

    /// <summary>E|G_B|² = |G|² + tr(Σ)/B (equation A.1).</summary>
    private static double Expected(int batch) => Squared + Variance / batch;

    [Theory]
    [InlineData(32, 4096)]
    [InlineData(64, 128)]
    public void Expected_norms_give_both_parts_exactly(int small, int large)
    {
        var averages = default(NoiseScaleAverages);
        for (var i = 0; i < 5; i++) averages = averages.With(small, large, Expected(small), Expected(large));

        averages.SquaredGradient.ShouldBe(Squared, 1e-9);
        averages.Variance.ShouldBe(Variance, 1e-9);
        averages.Scale.ShouldNotBeNull().ShouldBe(Variance / Squared, 1e-6);
    }

    [Fact]
    public void The_last_smaller_batch_of_an_epoch_does_not_disturb()
    {
        var averages = default(NoiseScaleAverages).With(128, 4096, Expected(128), Expected(4096)).With(128, 848, Expected(128), Expected(848));
        averages.Scale.ShouldNotBeNull().ShouldBe(Variance / Squared, 1e-6);
    }

    [Fact]
    public void Averages_weigh_their_past_exponentially()
    {
        var averages = default(NoiseScaleAverages);
        var (sum, weights) = (0.0, 0.0);
        for (var i = 0; i < 30; i++)
        {
            averages = averages.With(1, 2, 5 + i, 4 + i);
            (sum, weights) = (sum * NoiseScaleAverages.Memory + 3 + i, weights * NoiseScaleAverages.Memory + 1);
        }
        averages.SquaredGradient.ShouldBe(sum / weights, 1e-9);
        averages.Variance.ShouldBe(2, 1e-9);
        averages.Count.ShouldBe(30);
    }

    [Fact]
    public void Gradients_that_are_all_noise_have_no_scale_yet() => default(NoiseScaleAverages).With(10, 20, 1.0, 0.4).Scale.ShouldBeNull();

    [Fact]
    public void Sizes_in_the_wrong_order_are_refused() => Should.Throw<ArgumentOutOfRangeException>(() => default(NoiseScaleAverages).With(64, 64, 1, 1));
}
