using static TorchSharp.torch;

namespace Tracker.Training;

/// <summary>
/// Sharpness of a minimum (Keskar et al. 2017, metric 2.1, equations 3 and 4) in the full space, A = I:
/// φ = 100 · (max_{z ∈ C_ε} f(w + z) − f(w)) / (1 + f(w)) with C_ε = {z : |z_i| ≤ ε (|w_i| + 1)} and f the training loss. The maximum is
/// searched for with <see cref="BoxMaximizer"/> in as many iterations as Keskar et al. spend with L-BFGS-B; like theirs, the value is a
/// lower bound of the definition, and comparable between runs of this product rather than with their table.
/// </summary>
internal static class Sharpness
{
    /// <summary>Iterations of the search.</summary>
    public const int Iterations = 10;

    /// <summary>Training samples that make f; all, where the training set is smaller.</summary>
    public const int Samples = 10_000;

    /// <summary>The values of ε that Keskar et al. report.</summary>
    public static IReadOnlyList<double> Reaches { get; } = [1e-3, 5e-4];

    /// <summary>Measures at the present weights, and leaves them as they were.</summary>
    /// <param name="loss">f; the network is in evaluation mode.</param>
    /// <param name="weights">w.</param>
    /// <param name="epsilon">ε.</param>
    /// <param name="stop">Abandons it.</param>
    /// <returns>φ, in percent, and what it was computed from.</returns>
    /// <exception cref="OperationCanceledException">It was abandoned.</exception>
    public static (double Sharpness, BoxMaximum Found) Measure(TrainingLoss loss, ParameterVector weights, double epsilon, CancellationToken stop)
    {
        using var scope = NewDisposeScope();
        var center = weights.Values.clone();
        try
        {
            var found = BoxMaximizer.Maximize(At, (center.abs() + 1) * epsilon, Iterations);
            return (100 * (found.Maximum - found.Start) / (1 + found.Start), found);
        }
        finally
        {
            Move(center);
        }

        (double, Tensor) At(Tensor offset)
        {
            Move(center + offset);
            return loss.ValueAndGradient(stop);
        }

        void Move(Tensor to)
        {
            using var ungraded = no_grad();
            weights.Values.copy_(to);
        }
    }
}
