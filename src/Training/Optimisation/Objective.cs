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
    /// <summary>The objective of a batch, or a chunk's share of it, and the same share of the mean cross-entropy to report.</summary>
    /// <param name="logits">(n, classes).</param>
    /// <param name="labels">(n).</param>
    /// <param name="factors">What <see cref="Factors"/> drew for these samples.</param>
    /// <param name="share">The samples' share of their batch, 1 for a whole batch.</param>
    /// <returns>Two scalars; they are the same without noise. Those of a batch's chunks add up to those of the batch.</returns>
    public static (Tensor Minimized, Tensor CrossEntropy) Of(Tensor logits, Tensor labels, Tensor? factors, double share)
    {
        ArgumentNullException.ThrowIfNull(logits);
        using var scope = NewDisposeScope();
        Tensor minimized, crossEntropy;
        if (factors is null)
        {
            minimized = F.cross_entropy(logits, labels);
            crossEntropy = minimized.detach();
        }
        else
        {
            var each = F.cross_entropy(logits, labels, reduction: Reduction.None);
            minimized = (factors * each).mean();
            crossEntropy = each.detach().mean();
        }
        return share == 1 ? scope.MoveToOuter(minimized, crossEntropy) : scope.MoveToOuter(minimized * share, crossEntropy * share);
    }

    /// <summary>The objective of some rows of a batch, with the noise of its step.</summary>
    /// <param name="logits">(n, classes).</param>
    /// <param name="labels">(n).</param>
    /// <param name="position">Step and rows of the samples.</param>
    /// <returns>Two scalars, as from the other overload.</returns>
    public (Tensor Minimized, Tensor CrossEntropy) Of(Tensor logits, Tensor labels, BatchPosition position)
    {
        ArgumentNullException.ThrowIfNull(logits);
        ArgumentNullException.ThrowIfNull(position);
        using var factors = Factors(position, logits.device);
        return Of(logits, labels, factors, position.Slice.Share);
    }

    /// <summary>The factors z of some rows; those of the whole batch are drawn, so that rows get the same in every split.</summary>
    /// <param name="position">Step and rows.</param>
    /// <param name="device">Where they are needed.</param>
    /// <returns>(n), or <see langword="null"/> without noise.</returns>
    public Tensor? Factors(BatchPosition position, Device device)
    {
        ArgumentNullException.ThrowIfNull(position);
        if (NoiseVariance == 0) return null;
        using var drawn = Noise(position.Slice.BatchCount, position.Step, device);
        return position.Slice.Of(drawn);
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
        return randn(samples).mul_(Math.Sqrt(NoiseVariance)).add_(1).OnDevice(device).MoveToOuterDisposeScope();
    }
}
