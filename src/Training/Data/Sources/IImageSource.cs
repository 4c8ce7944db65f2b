using static TorchSharp.torch;

namespace Tracker.Training;

/// <summary>One of the files that make up a data set.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Path">Where it lies, or <see langword="null"/> when it was not found.</param>
public sealed record LocatedFile(string Name, string? Path);

/// <summary>Reads a data set from its files, wherever they lie, and never returns content that was not verified when it was read or written.</summary>
public interface IImageSource
{
    /// <summary>Looks for the files; reads none.</summary>
    IReadOnlyList<LocatedFile> Locate();

    /// <summary>Loads the first images of the training set, in the order of the files (which is a random one).</summary>
    /// <param name="examples">How many images.</param>
    /// <param name="device">The training device.</param>
    /// <exception cref="DataException">A file is missing or damaged.</exception>
    IImages LoadTraining(int examples, Device device);

    /// <summary>Loads the official test set (ImageNet: validation set), which the paper validates on.</summary>
    /// <param name="device">The training device.</param>
    /// <exception cref="DataException">A file is missing or damaged.</exception>
    IImages LoadValidation(Device device);

    /// <summary>Reads every file in full and compares it with what was published. Each file is named once it is found to be intact.</summary>
    /// <exception cref="DataException">A file is missing or damaged.</exception>
    IEnumerable<string> Verify();
}
