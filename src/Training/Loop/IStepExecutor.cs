using static TorchSharp.torch;

namespace Tracker.Training;

/// <summary>What a step leaves to report, on the device.</summary>
/// <param name="CrossEntropy">Mean cross-entropy of the batch, a scalar.</param>
/// <param name="GradientNorm">The gradient's norm before clipping, a scalar.</param>
/// <param name="Logits">(N, classes), without a graph.</param>
/// <param name="Labels">(N), in the order of the logits.</param>
internal sealed record StepOutcome(Tensor CrossEntropy, Tensor GradientNorm, Tensor Logits, Tensor Labels);

/// <summary>Does the arithmetic of a step: forward, backward, clip, update.</summary>
internal interface IStepExecutor : IDisposable
{
    /// <summary>How steps are done, where that is worth recording with the result.</summary>
    string? Remark { get; }

    /// <summary>Makes one weight update. What is returned holds until the next one.</summary>
    /// <param name="samples">The samples of the batch, in the order of <see cref="BatchOrder"/>.</param>
    /// <param name="step">The step, which together with the seed decides every random draw.</param>
    /// <param name="rate">The learning rate η.</param>
    /// <param name="inspect">Sees the gradient, (P), before it is clipped; <see langword="null"/> when nobody has to.</param>
    StepOutcome Execute(Tensor samples, long step, double rate, Action<Tensor>? inspect);
}

/// <summary>One operation after the other.</summary>
/// <param name="gradient">Forward and backward.</param>
/// <param name="optimizer">Clip and update.</param>
internal sealed class EagerSteps(BatchGradient gradient, IOptimizer optimizer) : IStepExecutor
{
    public string? Remark => null;

    public StepOutcome Execute(Tensor samples, long step, double rate, Action<Tensor>? inspect)
    {
        var pass = gradient.Of(samples, step);
        inspect?.Invoke(pass.Gradient);
        var norm = optimizer.Update(pass.Gradient, rate);
        for (var more = 1; more < optimizer.GradientsPerStep; more++)
        {
            using var scope = NewDisposeScope();
            optimizer.Update(gradient.Of(samples, step).Gradient, rate);
        }
        return new(pass.CrossEntropy, norm, pass.Logits, pass.Labels);
    }

    public void Dispose()
    {
    }
}
