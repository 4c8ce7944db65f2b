using static TorchSharp.torch;

namespace Tracker.Training.Tests;

public sealed class SharpnessTests
{
    [Fact]
    public void No_random_corner_of_the_box_lies_higher_and_the_weights_come_back_bit_for_bit()
    {
        const double Epsilon = 1e-3;
        using var scope = NewDisposeScope();
        using var network = NetworkFactory.Create("f1", 10, NormalizationOptions.Plain, seed: 1);
        network.eval();
        using var weights = new ParameterVector(network);
        var loss = new TrainingLoss(
            network, weights, (start, count) => (Formula.UniformTensor(start + 5, count, 1, 28, 28), Formula.Labels(start + 6, count)), 60, 25);
        var before = StateDictionary.Sha256(network);

        var (sharpness, found) = Sharpness.Measure(loss, weights, Epsilon, default);
        StateDictionary.Sha256(network).ShouldBe(before);
        found.Start.ShouldBe(loss.Value(default), 1e-9);
        sharpness.ShouldBe(100 * (found.Maximum - found.Start) / (1 + found.Start), 1e-9);

        var center = weights.Values.clone();
        for (var i = 0; i < 10; i++)
        {
            using (no_grad()) weights.Values.copy_(center + Formula.UniformTensor(20 + i, weights.Count).sign() * (center.abs() + 1) * Epsilon);
            loss.Value(default).ShouldBeLessThan(found.Maximum);
        }
        using (no_grad()) weights.Values.copy_(center);

        var (less, _) = Sharpness.Measure(loss, weights, Epsilon / 2, default);
        less.ShouldBeInRange(1e-3, sharpness);
        Sharpness.Measure(loss, weights, Epsilon, default).Sharpness.ShouldBe(sharpness);
    }

    [Fact]
    public void A_stop_leaves_the_weights_as_they_were()
    {
        using var scope = NewDisposeScope();
        using var network = NetworkFactory.Create("f1", 10, NormalizationOptions.Plain, seed: 1);
        using var weights = new ParameterVector(network);
        using var stop = new CancellationTokenSource();
        var passes = 0;
        var loss = new TrainingLoss(
            network, weights,
            (start, count) =>
            {
                if (++passes == 5) stop.Cancel();
                return (Formula.UniformTensor(start + 5, count, 1, 28, 28), Formula.Labels(start + 6, count));
            },
            60, 25);
        network.eval();
        var before = StateDictionary.Sha256(network);
        Should.Throw<OperationCanceledException>(() => Sharpness.Measure(loss, weights, 1e-3, stop.Token));
        passes.ShouldBe(5);
        StateDictionary.Sha256(network).ShouldBe(before);
    }
}
