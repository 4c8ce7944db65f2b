using System.Runtime.InteropServices;

namespace TorchSharp.Interop;

internal static unsafe partial class Native
{
    [LibraryImport(Library)] internal static partial nint tt_linear(nint input, nint weight, nint bias);
    [LibraryImport(Library)] internal static partial nint tt_conv2d(nint input, nint weight, nint bias, long* stride, long* padding, long* dilation, long groups);
    [LibraryImport(Library)] internal static partial nint tt_conv2d_same(nint input, nint weight, nint bias, long* stride, long* dilation, long groups);
    [LibraryImport(Library)] internal static partial nint tt_batch_norm(nint input, nint mean, nint variance, nint weight, nint bias, int training, double momentum, double eps);
    [LibraryImport(Library)] internal static partial nint tt_group_norm(nint input, long groups, nint weight, nint bias, double eps);
    [LibraryImport(Library)] internal static partial nint tt_layer_norm(nint input, long* shape, long n, nint weight, nint bias, double eps);
    [LibraryImport(Library)] internal static partial nint tt_max_pool2d(nint input, long* kernel, long* stride, long* padding, long* dilation, int ceilMode);
    [LibraryImport(Library)] internal static partial int tt_max_pool2d_with_indices(nint input, long* kernel, long* stride, long* padding, long* dilation, int ceilMode, nint* values, nint* indexes);
    [LibraryImport(Library)] internal static partial nint tt_avg_pool2d(nint input, long* kernel, long* stride, long* padding, int ceilMode, int countIncludePad, long divisor);
    [LibraryImport(Library)] internal static partial nint tt_adaptive_avg_pool2d(nint input, long* size);
    [LibraryImport(Library)] internal static partial nint tt_dropout(nint input, double p, int training);
    [LibraryImport(Library)] internal static partial int tt_dropout_(nint input, double p, int training);
    [LibraryImport(Library)] internal static partial nint tt_cross_entropy(nint input, nint target, nint weight, long reduction, long ignoreIndex, double labelSmoothing);
    [LibraryImport(Library)] internal static partial nint tt_nll_loss(nint input, nint target, nint weight, long reduction, long ignoreIndex);
    [LibraryImport(Library)] internal static partial nint tt_mse_loss(nint input, nint target, long reduction);
    [LibraryImport(Library)] internal static partial nint tt_one_hot(nint input, long classes);
    [LibraryImport(Library)] internal static partial nint tt_pad(nint input, long* pad, long n, int mode, double value);
}
