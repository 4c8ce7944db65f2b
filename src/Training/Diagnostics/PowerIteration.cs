using TorchSharp;
using static TorchSharp.torch;

namespace Tracker.Training;

/// <summary>What a power iteration found.</summary>
/// <param name="Eigenvalue">The eigenvalue of largest magnitude, with its sign.</param>
/// <param name="Iterations">Products of matrix and vector.</param>
/// <param name="Converged">Whether it settled within the tolerance.</param>
internal readonly record struct TopEigenvalue(double Eigenvalue, int Iterations, bool Converged);

/// <summary>
/// The eigenvalue of largest magnitude of a symmetric matrix that is known only by its products with vectors (as in PyHessian and Yao et
/// al. 2018): v ← H v / ‖H v‖, λ = vᵀ H v, until λ changes by less than a tolerance.
/// </summary>
internal static class PowerIteration
{
    /// <summary>Relative change of λ at which the iteration ends, as in PyHessian.</summary>
    public const double Tolerance = 1e-3;

    /// <summary>The most products, as in PyHessian.</summary>
    public const int MostIterations = 100;

    /// <summary>Training samples that make the loss; all, where the training set is smaller.</summary>
    public const int Samples = 1000;

    /// <summary>Iterates from a start.</summary>
    /// <param name="product">H v for a v, (P).</param>
    /// <param name="start">Any vector that is not orthogonal to the eigenvector, (P).</param>
    /// <param name="tolerance">Relative change of λ at which the iteration ends.</param>
    /// <param name="mostIterations">The most products.</param>
    public static TopEigenvalue Run(Func<Tensor, Tensor> product, Tensor start, double tolerance = Tolerance, int mostIterations = MostIterations)
    {
        using var scope = NewDisposeScope();
        var direction = start / start.Norm();
        var eigenvalue = double.NaN;
        for (var i = 1; i <= mostIterations; i++)
        {
            using var iteration = NewDisposeScope();
            var image = product(direction);
            // Host synchronization: λ decides whether to go on.
            var (before, norm) = (eigenvalue, image.Norm().ToDouble());
            eigenvalue = (direction * image).sum().ToDouble();
            if (!(norm > 0) || Math.Abs(eigenvalue - before) < tolerance * (Math.Abs(eigenvalue) + 1e-6)) return new(eigenvalue, i, true);
            direction.copy_(image / norm);
        }
        return new(eigenvalue, mostIterations, false);
    }
}
