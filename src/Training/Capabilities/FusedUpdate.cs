using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Tracker.Training;

/// <summary>Norms, and clipping with the update of stochastic gradient descent, over the vectors of all parameters: one pass over memory each.</summary>
internal static partial class FusedUpdate
{
    /// <summary>‖a − b‖ or ‖a‖, or <see langword="null"/> where libtorch's operations have to compute it.</summary>
    /// <param name="a">(P).</param>
    /// <param name="b">(P), or <see langword="null"/> for 0.</param>
    /// <returns>A scalar, 32-bit float.</returns>
    public static Tensor? Norm(Tensor a, Tensor? b = null)
    {
        if (!HostKernels.AreOn || !Takes(a, a.numel()) || (b is not null && !Takes(b, a.numel()))) return null;
        Shim.Check(tt_fused_norm(a.Handle, b?.Handle ?? 0, out var norm));
        GC.KeepAlive(a);
        GC.KeepAlive(b);
        return tensor((float)norm);
    }

    /// <summary>Clips a gradient and makes one step of SGD; <see langword="null"/>, with nothing done, where libtorch's operations have to.</summary>
    /// <param name="weights">w, (P).</param>
    /// <param name="gradient">g, (P); left as it is.</param>
    /// <param name="velocity">v, (P), or <see langword="null"/> without momentum.</param>
    /// <param name="step">The numbers of the step.</param>
    /// <param name="decaying">First element and length of the ranges that weight decay acts on, in pairs, ascending.</param>
    /// <returns>The gradient's norm before clipping, a scalar.</returns>
    public static Tensor? Sgd(Tensor weights, Tensor gradient, Tensor? velocity, in SgdNumbers step, long[] decaying)
    {
        var count = weights.numel();
        if (!HostKernels.AreOn || !Takes(weights, count) || !Takes(gradient, count) || (velocity is not null && !Takes(velocity, count))) return null;
        Shim.Check(tt_fused_sgd(
            weights.Handle, gradient.Handle, velocity?.Handle ?? 0, step.Rate, step.Momentum, step.Decay, step.Clip, decaying, decaying.Length / 2, out var norm));
        GC.KeepAlive(weights);
        GC.KeepAlive(gradient);
        GC.KeepAlive(velocity);
        return tensor((float)norm);
    }

    /// <summary>The vector whose consecutive parts some tensors are, without a copy; <see langword="null"/> when they are not.</summary>
    /// <param name="parts">The tensors.</param>
    public static Tensor? Joined(IReadOnlyList<Tensor> parts)
    {
        if (!HostKernels.AreOn) return null;
        var handle = tt_joined(HostKernels.Handles(parts), parts.Count, out var joined);
        GC.KeepAlive(parts);
        return joined != 0 ? HostKernels.Own(handle) : null;
    }

    private static bool Takes(Tensor vector, long count) => HostKernels.Take(vector) && vector.dim() == 1 && vector.numel() == count;

    [LibraryImport(Shim.Library)] private static partial int tt_fused_norm(nint a, nint b, out double norm);
    [LibraryImport(Shim.Library)] private static partial nint tt_joined(nint[] parts, long count, out int joined);

    [LibraryImport(Shim.Library)]
    private static partial int tt_fused_sgd(
        nint weights, nint gradient, nint velocity, double rate, double momentum, double decay, double clip, long[] ranges, long count, out double norm);
}

/// <summary>The numbers of one step of SGD.</summary>
/// <param name="Rate">η.</param>
/// <param name="Momentum">μ.</param>
/// <param name="Decay">λ.</param>
/// <param name="Clip">The largest norm of the gradient; 0 for any.</param>
internal readonly record struct SgdNumbers(double Rate, double Momentum, double Decay, double Clip);
