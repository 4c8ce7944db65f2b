using static TorchSharp.torch;

namespace Tracker.Training;

/// <summary>Images and labels that batches are drawn from, wherever they lie.</summary>
public interface IImages : IDisposable
{
    /// <summary>Number of images.</summary>
    int Count { get; }

    /// <summary>The labels, (N), 64-bit integers on the training device.</summary>
    Tensor Labels { get; }

    /// <summary>Some of the images.</summary>
    /// <param name="indexes">Which ones, (n), 64-bit integers on the training device.</param>
    /// <returns>(n, C, H, W), unsigned bytes on the training device.</returns>
    Tensor Select(Tensor indexes);

    /// <summary>Consecutive images.</summary>
    /// <param name="start">The first.</param>
    /// <param name="count">How many.</param>
    /// <returns>(count, C, H, W), unsigned bytes on the training device.</returns>
    Tensor Range(int start, int count);

    /// <summary>
    /// Tells which images will be selected next, so that they can be fetched meanwhile. What is selected does not depend on it.
    /// </summary>
    /// <param name="indexes">Gives which ones, (n), 64-bit integers on the training device; not called where nothing need be fetched.</param>
    void Expect(Func<Tensor> indexes);
}
