using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Tracker.Training;

/// <summary>Makes a network's input out of stored pixels, for a whole batch at once, on the device.</summary>
/// <param name="Mean">Mean of the pixels, on the scale 0 to 1: one for all channels, or one for each.</param>
/// <param name="Deviation">Standard deviation of the pixels, on the scale 0 to 1, as many as there are means.</param>
/// <param name="Channels">Channels of the network's input; a gray image is repeated.</param>
/// <param name="CropPadding">Pixels added on every side before a random crop, in training only; 0 for none.</param>
/// <param name="Flip">Whether half of the training images are mirrored, left to right.</param>
/// <param name="Fill">What the pixels of <paramref name="CropPadding"/> are, from 0 (black) to 255.</param>
/// <param name="Crop">
/// Rows and columns of the network's input: training takes a random part of this size, evaluation the middle. 0 for the size of the
/// stored image.
/// </param>
public sealed record Preprocessing(
    IReadOnlyList<double> Mean, IReadOnlyList<double> Deviation, int Channels = 1, int CropPadding = 0, bool Flip = false,
    byte Fill = 0, int Crop = 0)
{
    /// <summary>Whether a training batch draws random numbers.</summary>
    public bool Augments => CropPadding > 0 || Flip || Crop > 0;

    /// <summary>Cuts out what evaluation looks at: the middle, where the network takes less than the whole image.</summary>
    /// <param name="images">(N, C, H, W), unsigned bytes.</param>
    /// <returns>(N, C, <see cref="Crop"/>, <see cref="Crop"/>), or the images themselves.</returns>
    public Tensor Center(Tensor images)
    {
        ArgumentNullException.ThrowIfNull(images);
        if (Crop == 0) return images.alias();
        using var scope = NewDisposeScope();
        var (height, width) = (images.shape[2], images.shape[3]);
        return images.narrow(2, (height - Crop) / 2, Crop).narrow(3, (width - Crop) / 2, Crop).MoveToOuterDisposeScope();
    }

    /// <summary>Pixels to network input: on the scale 0 to 1, mean 0, deviation 1, all channels.</summary>
    /// <param name="images">(N, C, H, W), unsigned bytes; C is the number of means where there are several.</param>
    /// <returns>(N, <see cref="Channels"/>, H, W), 32-bit floats, contiguous.</returns>
    public Tensor Normalize(Tensor images)
    {
        ArgumentNullException.ThrowIfNull(images);
        using var scope = NewDisposeScope();
        var input = images.to(ScalarType.Float32).contiguous();
        // Numbers of the host, channel by channel: a tensor of means would be a copy to the device in every step.
        for (var c = 0; c < Mean.Count; c++)
        {
            var channel = Mean.Count == 1 ? input : input.select(1, c);
            channel.mul_(1 / (255 * Deviation[c])).sub_(Mean[c] / Deviation[c]);
        }
        if (input.shape[1] != Channels) input = input.expand(-1, Channels, -1, -1).contiguous();
        return input.MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Draws how each image of a batch is cropped and mirrored, from libtorch's generator of the CPU, so that every device sees the same
    /// crops; the caller seeds it.
    /// </summary>
    /// <param name="samples">n, the number of images.</param>
    /// <param name="height">Their rows as they are stored.</param>
    /// <param name="width">Their columns as they are stored.</param>
    /// <returns>(n, 3), 64-bit integers: the first row and column of the crop in the padded image, and 1 for a mirrored one.</returns>
    public Tensor Draw(long samples, long height, long width)
    {
        using var scope = NewDisposeScope();
        var (rows, columns) = Crop > 0 ? (height - Crop, width - Crop) : (0L, 0L);
        return cat(new List<Tensor>
        {
            Integers(rows + 2 * CropPadding, samples), Integers(columns + 2 * CropPadding, samples), Integers(Flip ? 1 : 0, samples),
        }, 1).MoveToOuterDisposeScope();
    }

    private static Tensor Integers(long largest, long count) =>
        largest == 0 ? zeros([count, 1], dtype: ScalarType.Int64) : randint(largest + 1, new long[] { count, 1 }).to(ScalarType.Int64);

    /// <summary>
    /// Crops and mirrors each image by one gather: the source of output pixel (i, j) of image n is
    /// (i + dy_n, j' + dx_n) in the padded image, with j' = j or, mirrored, W' − 1 − j, where W' is the width of the output.
    /// </summary>
    /// <param name="images">(N, C, H, W), unsigned bytes.</param>
    /// <param name="draws">What <see cref="Draw"/> drew for them, (N, 3).</param>
    /// <returns>(N, C, <see cref="Crop"/>, <see cref="Crop"/>), or the same shape.</returns>
    public Tensor Augment(Tensor images, Tensor draws)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(draws);
        using var scope = NewDisposeScope();
        var (n, channels, height, width) = (images.shape[0], images.shape[1], images.shape[2], images.shape[3]);
        if (Crop > 0) (height, width) = (Crop, Crop);
        var padded = Pad(images);
        var drawn = draws.OnDevice(images.device);
        var rows = arange(height, device: images.device).unsqueeze(0) + drawn.narrow(1, 0, 1);
        var columns = arange(width, device: images.device).unsqueeze(0);
        columns = columns + drawn.narrow(1, 2, 1) * (width - 1 - 2 * columns) + drawn.narrow(1, 1, 1);
        var source = rows.unsqueeze(2) * padded.shape[3] + columns.unsqueeze(1);
        var index = source.view(n, 1, height * width).expand(-1, channels, -1);
        return padded.flatten(2).gather(2, index).view(n, channels, height, width).MoveToOuterDisposeScope();
    }

    private Tensor Pad(Tensor images) =>
        CropPadding == 0 ? images.alias() : F.pad(images, new long[] { CropPadding, CropPadding, CropPadding, CropPadding }, value: Fill);
}
