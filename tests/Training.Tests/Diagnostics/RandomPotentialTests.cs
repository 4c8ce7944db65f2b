using Tracker.Domain;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Tracker.Training.Tests;

public sealed class RandomPotentialTests
{
    [Fact]
    public void Points_lie_at_uniform_distances_from_the_start_and_are_the_same_for_the_same_seed()
    {
        using var scope = NewDisposeScope();
        using var network = Sequential(("1", Linear(4, 8)), ("2", ReLU()), ("3", Linear(8, 3)));
        using var weights = new ParameterVector(network);
        var start = weights.Values.clone();
        var distances = new List<double>();
        var loss = new TrainingLoss(
            network, weights,
            (first, count) =>
            {
                distances.Add((weights.Values - start).norm().ToDouble());
                return (Formula.UniformTensor(first + 5, count, 4), tensor(Formula.Uniform(6, count).Select(v => (long)((v + 1) * 1.5)).ToArray()));
            },
            40, 40);

        var found = RandomPotential.Measure(loss, weights, start, seed: 7, draws: 400, reach: 10, default);
        found.Select(f => f.Distance).ShouldAllBe(d => d >= 0 && d < 10);
        found.Average(f => f.Distance).ShouldBe(5, 0.5);
        distances[0].ShouldBe(0);
        foreach (var (claimed, measured) in found.Select(f => f.Distance).Zip(distances.Skip(1))) measured.ShouldBe(claimed, 1e-3);
        RandomPotentialFit.Through(found, 10, RandomPotential.Bins).ShouldNotBeNull().Line.Slope.ShouldBeGreaterThan(0);

        RandomPotential.Measure(loss, weights, start, seed: 7, draws: 5, reach: 10, default).ShouldBe(found.Take(5));
        RandomPotential.Measure(loss, weights, start, seed: 8, draws: 5, reach: 10, default).ShouldNotBe(found.Take(5));
    }
}
