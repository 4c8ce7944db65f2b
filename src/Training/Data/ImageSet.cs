using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Tracker.Training;

/// <summary>
/// Images and labels, held whole on the training device: unsigned bytes of shape (N, C, H, W) and 64-bit labels of shape (N). Gray
/// images keep their single channel here even where a network wants three; <see cref="Preprocessing"/> repeats it.
/// </summary>
public sealed class ImageSet : IImages
{
    /// <summary>Puts images on a device.</summary>
    /// <param name="pixels">The pixels, row-major.</param>
    /// <param name="labels">One label an image.</param>
    /// <param name="shape">Channels, height and width of an image.</param>
    /// <param name="device">The device.</param>
    /// <param name="padding">Black pixels to add on every side.</param>
    /// <exception cref="ArgumentException">The number of pixels does not fit labels and shape.</exception>
    public ImageSet(byte[] pixels, byte[] labels, (int Channels, int Height, int Width) shape, Device device, int padding = 0)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        ArgumentNullException.ThrowIfNull(labels);
        if (pixels.Length != labels.Length * shape.Channels * shape.Height * shape.Width)
            throw new ArgumentException($"{pixels.Length} pixels do not fit {labels.Length} images of {shape}.", nameof(pixels));
        using var images = tensor(pixels, [labels.Length, shape.Channels, shape.Height, shape.Width], dtype: ScalarType.Byte);
        (Images, Labels) = (Place(images, device, padding), Place(labels, device));
    }

    /// <summary>Puts images on a device.</summary>
    /// <param name="images">The pixels, (N, C, H, W), unsigned bytes in the host's memory; the set shares them where it can, and the caller disposes of its hold.</param>
    /// <param name="labels">One label an image.</param>
    /// <param name="device">The device.</param>
    /// <param name="padding">Black pixels to add on every side.</param>
    internal ImageSet(Tensor images, byte[] labels, Device device, int padding) =>
        (Images, Labels) = (Place(images, device, padding), Place(labels, device));

    private static Tensor Place(Tensor images, Device device, int padding)
    {
        using var scope = NewDisposeScope();
        var placed = images.to(device);
        placed = padding > 0 ? F.pad(placed, new long[] { padding, padding, padding, padding }) : placed.alias();
        return placed.DetachFromDisposeScope();
    }

    private static Tensor Place(byte[] labels, Device device)
    {
        using var scope = NewDisposeScope();
        return tensor(labels, dtype: ScalarType.Byte, device: device).to(ScalarType.Int64).DetachFromDisposeScope();
    }

    /// <summary>The pixels, (N, C, H, W), unsigned bytes.</summary>
    public Tensor Images { get; }

    /// <inheritdoc/>
    public Tensor Labels { get; }

    /// <inheritdoc/>
    public int Count => (int)Labels.shape[0];

    /// <inheritdoc/>
    public Tensor Select(Tensor indexes) => Images.index_select(0, indexes);

    /// <inheritdoc/>
    public Tensor Range(int start, int count) => Images.narrow(0, start, count);

    /// <summary>Nothing: the images are on the device already.</summary>
    public void Expect(Func<Tensor> indexes)
    {
    }

    /// <summary>Frees the tensors.</summary>
    public void Dispose()
    {
        Images.Dispose();
        Labels.Dispose();
    }
}
