using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using F = TorchSharp.torch.nn.functional;

namespace Tracker.Training;

/// <summary>
/// The mean cross-entropy of the first training samples, without augmentation, as a function of the weights: what sharpness and
/// curvature are measured on. The network stays in the mode that the caller has set.
/// </summary>
/// <param name="network">The network.</param>
/// <param name="weights">Its parameters.</param>
/// <param name="samples">Consecutive samples from a start: input and labels.</param>
/// <param name="count">How many samples count.</param>
/// <param name="batch">Samples at a time; in training mode they are normalized together.</param>
internal sealed class TrainingLoss(
    Module<Tensor, Tensor> network, ParameterVector weights, Func<int, int, (Tensor Input, Tensor Labels)> samples, int count, int batch)
{
    /// <summary>How many samples count.</summary>
    public int Samples => count;

    /// <summary>The loss at the present weights, in nats.</summary>
    /// <param name="stop">Abandons it.</param>
    /// <exception cref="OperationCanceledException">It was abandoned.</exception>
    public double Value(CancellationToken stop)
    {
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        var sum = zeros([], dtype: ScalarType.Float64, device: weights.Values.device);
        foreach (var (start, size) in Parts(stop))
        {
            using var part = NewDisposeScope();
            sum.add_(Sum(start, size).to(ScalarType.Float64));
        }
        // Host synchronization: one number is read.
        return sum.ToDouble() / count;
    }

    /// <summary>Loss and gradient at the present weights.</summary>
    /// <param name="stop">Abandons it.</param>
    /// <returns>Nats, and (P).</returns>
    /// <exception cref="OperationCanceledException">It was abandoned.</exception>
    public (double Value, Tensor Gradient) ValueAndGradient(CancellationToken stop)
    {
        using var scope = NewDisposeScope();
        var sum = zeros([], dtype: ScalarType.Float64, device: weights.Values.device);
        var gradient = zeros_like(weights.Values);
        foreach (var (start, size) in Parts(stop))
        {
            using var part = NewDisposeScope();
            var loss = Sum(start, size);
            sum.add_(loss.detach().to(ScalarType.Float64));
            gradient.add_(weights.Gradient(loss / count));
        }
        // Host synchronization: one number is read.
        return (sum.ToDouble() / count, gradient.MoveToOuterDisposeScope());
    }

    /// <summary>The Hessian at the present weights times a vector, by differentiating ∇L · v once more (Pearlmutter 1994).</summary>
    /// <param name="direction">v, (P).</param>
    /// <param name="stop">Abandons it.</param>
    /// <returns>H v, (P).</returns>
    /// <exception cref="OperationCanceledException">It was abandoned.</exception>
    public Tensor HessianTimes(Tensor direction, CancellationToken stop)
    {
        using var scope = NewDisposeScope();
        using var twice = HostKernels.Suspend();
        var product = zeros_like(weights.Values);
        foreach (var (start, size) in Parts(stop))
        {
            using var part = NewDisposeScope();
            product.add_(weights.HessianTimes(Sum(start, size) / count, direction));
        }
        return product.MoveToOuterDisposeScope();
    }

    private IEnumerable<(int Start, int Size)> Parts(CancellationToken stop)
    {
        for (var start = 0; start < count; start += batch)
        {
            stop.ThrowIfCancellationRequested();
            yield return (start, Math.Min(batch, count - start));
        }
    }

    private Tensor Sum(int start, int size)
    {
        var (input, labels) = samples(start, size);
        return F.cross_entropy(network.call(input), labels, reduction: Reduction.Sum);
    }
}
