using TorchSharp;
using static TorchSharp.torch;

namespace Tracker.Training;

/// <summary>
/// The experiment of appendix B of the paper: the loss at w = w_0 + z v for random unit directions v and z ~ U[0, c], from which follows
/// how √E(L(w) − L(w_0))² grows with the distance (equation 8). The network is in training mode, without dropout: at w_0 the running
/// statistics are placeholders, and a loss that draws random numbers would not be a function of w.
/// </summary>
internal static class RandomPotential
{
    /// <summary>Bins of the distance, the fewest of figure 4.</summary>
    public const int Bins = 10;

    /// <summary>Training samples that make the loss, normalized as one batch.</summary>
    public const int Samples = 512;

    /// <summary>Measures around some weights; where the network's weights are afterwards is the caller's to mend.</summary>
    /// <param name="loss">L.</param>
    /// <param name="weights">The weights to move.</param>
    /// <param name="start">w_0, (P).</param>
    /// <param name="seed">Seed of directions and distances.</param>
    /// <param name="draws">Number of random points.</param>
    /// <param name="reach">c.</param>
    /// <param name="stop">Abandons it.</param>
    /// <returns>‖w − w_0‖ and L(w) − L(w_0) of every point.</returns>
    /// <exception cref="OperationCanceledException">It was abandoned.</exception>
    public static IReadOnlyList<(double Distance, double Difference)> Measure(
        TrainingLoss loss, ParameterVector weights, Tensor start, int seed, int draws, double reach, CancellationToken stop)
    {
        using var ungraded = no_grad();
        weights.Values.copy_(start);
        var origin = loss.Value(stop);
        var found = new List<(double, double)>(draws);
        for (var draw = 0; draw < draws; draw++)
        {
            using var scope = NewDisposeScope();
            // Drawn on the CPU, so that every device sees the same points.
            StatelessRandom.SeedFor(seed, RandomPurpose.RandomPotential, draw);
            var distance = rand(1).ToDouble() * reach;
            var direction = randn(weights.Count);
            direction.mul_(distance / direction.Norm().ToDouble());
            weights.Values.copy_(start + direction.to(start.device));
            found.Add((distance, loss.Value(stop) - origin));
        }
        return found;
    }
}
