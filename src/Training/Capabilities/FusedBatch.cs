using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Tracker.Training;

/// <summary>From stored pixels to a network's input in one pass: gather, crop, mirror, repeat channels, normalize.</summary>
internal static partial class FusedBatch
{
    /// <summary>A batch, or <see langword="null"/> where libtorch's operations have to make it.</summary>
    /// <param name="images">All images, (N, C, H, W), unsigned bytes.</param>
    /// <param name="indexes">Which ones, (n).</param>
    /// <param name="draws">What <see cref="Preprocessing.Draw"/> drew for them, (n, 3), or <see langword="null"/> for no augmentation.</param>
    /// <param name="preprocessing">How pixels become input.</param>
    /// <returns>(n, channels, H', W'), 32-bit floats.</returns>
    public static Tensor? Of(Tensor images, Tensor indexes, Tensor? draws, Preprocessing preprocessing)
    {
        if (!HostKernels.AreOn || images.device_type != DeviceType.CPU || !images.is_contiguous() || !indexes.is_contiguous()) return null;
        var channels = preprocessing.Channels;
        var (scale, shift) = (new float[channels], new float[channels]);
        for (var c = 0; c < channels; c++)
        {
            var of = preprocessing.Mean.Count == 1 ? 0 : c;
            scale[c] = (float)(1 / (255 * preprocessing.Deviation[of]));
            shift[c] = (float)(preprocessing.Mean[of] / preprocessing.Deviation[of]);
        }
        var batch = HostKernels.Own(tt_image_batch(
            images.Handle, indexes.Handle, draws?.Handle ?? 0, preprocessing.CropPadding, preprocessing.Crop, preprocessing.Fill, channels, scale, shift));
        GC.KeepAlive(images);
        GC.KeepAlive(indexes);
        GC.KeepAlive(draws);
        return batch;
    }

    [LibraryImport(Shim.Library)]
    private static partial nint tt_image_batch(
        nint images, nint indexes, nint draws, long padding, long crop, int fill, long channels, float[] scale, float[] shift);
}
