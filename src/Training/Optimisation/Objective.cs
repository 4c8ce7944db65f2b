using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using F = TorchSharp.torch.nn.functional;

namespace Tracker.Training;

/// <summary>
/// What is minimized: the mean cross-entropy of the mini-batch, or with multiplicative gradient noise (section 4 of the paper)
/// <c>(1/M) Σ_n z_n · CE_n</c> with <c>z_n ~ N(1, σ²)</c>, whose gradient is the paper's <c>ĝ = (1/M) Σ_n g_n z_n</c>: the same
/// expected step, a covariance (1 + σ²) times as large.
/// </summary>
/// <param name="NoiseVariance">σ²; 0 for no noise.</param>
/// <param name="Seed">The run's seed.</param>
public sealed record Objective(double NoiseVariance, int Seed)
{
    /// <summary>The objective of one step, and the mean cross-entropy to report.</summary>
    /// <param name="logits">(N, classes).</param>
    /// <param name="labels">(N).</param>
    /// <param name="step">The step, which together with the seed decides the noise.</param>
    /// <returns>Two scalars; they are the same without noise.</returns>
    public (Tensor Minimized, Tensor CrossEntropy) Of(Tensor logits, Tensor labels, long step)
    {
        ArgumentNullException.ThrowIfNull(logits);
        if (NoiseVariance == 0)
        {
            var mean = F.cross_entropy(logits, labels);
            return (mean, mean.detach());
        }
        using var scope = NewDisposeScope();
        var each = F.cross_entropy(logits, labels, reduction: Reduction.None);
        return scope.MoveToOuter((Noise(labels.shape[0], step, logits.device) * each).mean(), each.detach().mean());
    }

    /// <summary>The factors z, drawn on the CPU so that every device sees the same.</summary>
    /// <param name="samples">N.</param>
    /// <param name="step">The step.</param>
    /// <param name="device">Where they are needed.</param>
    /// <returns>(N), independent, mean 1, variance σ².</returns>
    public Tensor Noise(long samples, long step, Device device)
    {
        using var scope = NewDisposeScope();
        StatelessRandom.SeedFor(Seed, RandomPurpose.GradientNoise, step);
        return randn(samples).mul_(Math.Sqrt(NoiseVariance)).add_(1).to(device).MoveToOuterDisposeScope();
    }
}
