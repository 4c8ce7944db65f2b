using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Tracker.Training;

/// <summary>
/// (Ghost) batch normalization of feature maps with the addition of a shortcut and ReLU as one operation, on maps that have their
/// channels last in memory, as oneDNN's convolutions like them best. It has no second derivative.
/// </summary>
internal static partial class MapNorm
{
    /// <summary>Has a network's maps, which follow its input, lie channels last where the kernels serve them; elsewhere the input is left alone.</summary>
    /// <param name="input">(N, C, H, W).</param>
    /// <returns>The same values.</returns>
    public static Tensor ChannelsLast(Tensor input)
    {
        if (!HostKernels.AreOn || !HostKernels.IsHostFloat(input)) return input.alias();
        var turned = HostKernels.Own(tt_channels_last(input.Handle));
        GC.KeepAlive(input);
        return turned;
    }

    /// <summary>Whether the operation serves this input; libtorch's operations serve every other.</summary>
    /// <param name="input">The input of a normalization in training.</param>
    public static bool Takes(Tensor input)
    {
        var takes = HostKernels.AreOn && is_grad_enabled() && tt_is_map(input.Handle) != 0;
        GC.KeepAlive(input);
        return takes;
    }

    /// <summary>relu(normalize(input) · scale + shift + shortcut), and updates the running statistics.</summary>
    /// <param name="input">(N, C, H, W), samples in the order of <see cref="BatchOrder"/>.</param>
    /// <param name="normalization">The layer that normalizes.</param>
    /// <param name="shortcut">The same shape, or <see langword="null"/> for none.</param>
    /// <param name="relu">Whether there is a ReLU.</param>
    public static Tensor Forward(Tensor input, GhostBatchNorm normalization, Tensor? shortcut, bool relu)
    {
        var layout = normalization.LayoutOf((int)input.shape[0]);
        var (kept, weights) = normalization.RunningShares(layout.Count);
        var running = normalization.RunningState;
        var output = HostKernels.Own(tt_map_norm(
            input.Handle, normalization.Scale.Handle, normalization.Shift.Handle, shortcut?.Handle ?? 0, HostKernels.Handles(running),
            layout.Folded, layout.Folded > 0 ? layout.GhostSize : 0, relu ? 1 : 0, GhostBatchNorm.Epsilon, kept, weights));
        GC.KeepAlive(input);
        GC.KeepAlive(running);
        GC.KeepAlive(shortcut);
        return output;
    }

    [LibraryImport(Shim.Library)] private static partial int tt_is_map(nint tensor);
    [LibraryImport(Shim.Library)] private static partial nint tt_channels_last(nint tensor);

    [LibraryImport(Shim.Library)]
    private static partial nint tt_map_norm(
        nint input, nint scale, nint shift, nint shortcut, nint[] running, long ghosts, long size, int relu, double eps, double kept, double[] weights);
}
