using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Tracker.Training;

/// <summary>
/// Kernels of our own for training in 32-bit floats on the CPU, each in place of several operations of libtorch and equal to them within
/// rounding. What they give depends on the number of threads at most, never on their timing.
/// </summary>
internal static partial class HostKernels
{
    [ThreadStatic]
    private static int t_suspended;

    /// <summary>Whether this thread may use them.</summary>
    public static bool AreOn => Shim.IsPresent && t_suspended == 0;

    /// <summary>
    /// Whether matrix products may be mixed with other work on libtorch's threads as they are now. Not within regions of automatic casts.
    /// </summary>
    public static bool CanMultiply => AreOn && !Autocast.IsOn && tt_blas_in_parallel() != 0;

    /// <summary>Has this thread compute by libtorch's own operations, which can be differentiated twice.</summary>
    /// <returns>Ends it; on the same thread, please.</returns>
    public static IDisposable Suspend() => new Suspension();

    /// <summary>Whether a tensor is one that the kernels work on.</summary>
    /// <param name="tensor">Any tensor.</param>
    public static bool Take(Tensor tensor) => IsHostFloat(tensor) && tensor.is_contiguous();

    /// <summary>Whether a tensor holds 32-bit floats in the host's memory.</summary>
    /// <param name="tensor">Any tensor.</param>
    public static bool IsHostFloat(Tensor tensor) => tensor.device_type == DeviceType.CPU && tensor.dtype == ScalarType.Float32;

    /// <summary>Native handles of tensors, which must be kept alive until the call is over.</summary>
    /// <param name="tensors">The tensors.</param>
    public static nint[] Handles(IReadOnlyList<Tensor> tensors)
    {
        var handles = new nint[tensors.Count];
        for (var i = 0; i < handles.Length; i++) handles[i] = tensors[i].Handle;
        return handles;
    }

    /// <summary>Takes over a tensor that a call returned.</summary>
    /// <param name="handle">What the call returned.</param>
    /// <exception cref="ExternalException">The call failed.</exception>
    public static Tensor Own(nint handle) => handle != 0 ? Tensor.UnsafeCreateTensor(handle) : throw Shim.LastError();

    [LibraryImport(Shim.Library)] private static partial int tt_blas_in_parallel();

    private sealed class Suspension : IDisposable
    {
        private bool _over;

        public Suspension() => t_suspended++;

        public void Dispose()
        {
            if (!_over) t_suspended--;
            _over = true;
        }
    }
}
