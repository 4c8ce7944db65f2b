using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Tracker.Training;

/// <summary>Makes a network's input out of stored pixels, for a whole batch at once, on the device.</summary>
/// <param name="Mean">Mean of the pixels, on the scale 0 to 1.</param>
/// <param name="Deviation">Standard deviation of the pixels, on the scale 0 to 1.</param>
/// <param name="Padding">Black pixels added on every side when the data are loaded.</param>
/// <param name="Channels">Channels of the network's input; a gray image is repeated.</param>
/// <param name="CropPadding">Black pixels added on every side before a random crop of the original size, in training only; 0 for none.</param>
/// <param name="Flip">Whether half of the training images are mirrored, left to right.</param>
public sealed record Preprocessing(double Mean, double Deviation, int Padding = 0, int Channels = 1, int CropPadding = 0, bool Flip = false)
{
    /// <summary>Whether a training batch draws random numbers.</summary>
    public bool Augments => CropPadding > 0 || Flip;

    /// <summary>Pads the stored images once, after loading.</summary>
    /// <param name="images">(N, C, H, W), unsigned bytes.</param>
    /// <returns>(N, C, H + 2·Padding, W + 2·Padding).</returns>
    public Tensor Pad(Tensor images) => Pad(images, Padding);

    /// <summary>Pixels to network input: on the scale 0 to 1, mean 0, deviation 1, all channels.</summary>
    /// <param name="images">(N, C, H, W), unsigned bytes.</param>
    /// <returns>(N, <see cref="Channels"/>, H, W), 32-bit floats, contiguous.</returns>
    public Tensor Normalize(Tensor images)
    {
        ArgumentNullException.ThrowIfNull(images);
        using var scope = NewDisposeScope();
        var input = images.to(ScalarType.Float32).mul_(1 / (255 * Deviation)).sub_(Mean / Deviation);
        if (input.shape[1] != Channels) input = input.expand(-1, Channels, -1, -1).contiguous();
        return input.MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Randomly crops and mirrors each image by one gather: the source of output pixel (i, j) of image n is
    /// (i + dy_n, j' + dx_n) in the padded image, with j' = j or, mirrored, W − 1 − j. Draws from libtorch's generator of the CPU, so
    /// that every device sees the same crops; the caller seeds it.
    /// </summary>
    /// <param name="images">(N, C, H, W), unsigned bytes.</param>
    /// <returns>The same shape.</returns>
    public Tensor Augment(Tensor images)
    {
        ArgumentNullException.ThrowIfNull(images);
        using var scope = NewDisposeScope();
        var (n, channels, height, width) = (images.shape[0], images.shape[1], images.shape[2], images.shape[3]);
        var padded = Pad(images, CropPadding);
        var offsets = randint(2 * CropPadding + 1, new long[] { 2, n, 1 }).to(ScalarType.Int64);
        var mirrored = Flip ? randint(2, new long[] { n, 1 }).to(ScalarType.Int64) : zeros([n, 1], dtype: ScalarType.Int64);

        var rows = arange(height).unsqueeze(0) + offsets[0];
        var columns = arange(width).unsqueeze(0);
        columns = columns + mirrored * (width - 1 - 2 * columns) + offsets[1];
        var source = (rows.unsqueeze(2) * padded.shape[3] + columns.unsqueeze(1)).to(images.device);
        var index = source.view(n, 1, height * width).expand(-1, channels, -1);
        return padded.flatten(2).gather(2, index).view(n, channels, height, width).MoveToOuterDisposeScope();
    }

    private static Tensor Pad(Tensor images, long pixels) => pixels == 0 ? images.alias() : F.pad(images, new[] { pixels, pixels, pixels, pixels });
}
