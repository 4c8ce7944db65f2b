namespace Tracker.Training;

/// <summary>Knows for each data set of the catalogue where its files lie and how they are read.</summary>
public static class ImageSources
{
    private static readonly Dictionary<string, Func<DataFolders, IImageSource>> s_sources = new(StringComparer.Ordinal)
    {
        ["fashion-mnist"] = folders => new IdxImages(folders, FashionMnist.Official),
        ["fashion-mnist-32"] = folders => new IdxImages(folders, FashionMnist.Official, padding: 2),
        ["mnist"] = folders => new IdxImages(folders, Mnist.Official),
        ["cifar10"] = folders => new CifarImages(folders, CifarImages.Cifar10),
        ["imagenet"] = folders => new ShardSource(folders, ShardLayout.ImageNet),
        ["cifar100"] = folders => new CifarImages(folders, CifarImages.Cifar100),
    };

    /// <summary>The reader of a data set.</summary>
    /// <param name="dataset">Name of the data set.</param>
    /// <param name="dataDirectory">Where data sets are kept, or <see langword="null"/> for only where packages put them.</param>
    /// <exception cref="ArgumentException">The data set is unknown.</exception>
    public static IImageSource For(string dataset, string? dataDirectory) => In(Folders(FolderOf(dataset), dataDirectory), dataset);

    /// <summary>The reader of a data set whose files lie in given folders.</summary>
    /// <param name="folders">The folders.</param>
    /// <param name="dataset">Name of the data set.</param>
    /// <exception cref="ArgumentException">The data set is unknown.</exception>
    public static IImageSource In(DataFolders folders, string dataset) => s_sources.TryGetValue(dataset, out var create)
        ? create(folders)
        : throw new ArgumentException($"There is no data set '{dataset}'. Data sets: {string.Join(", ", s_sources.Keys)}.", nameof(dataset));

    /// <summary>The folder of a data set within the data directory. Data sets that are forms of another one share its folder.</summary>
    /// <param name="dataset">Name of the data set.</param>
    public static string FolderOf(string dataset) => dataset == "fashion-mnist-32" ? "fashion-mnist" : dataset;

    /// <summary>
    /// Where the files of a data set are looked for: its folder in the data directory, the data directory itself, the folder that the
    /// official archive unpacks to in either, and where a package of the system puts them.
    /// </summary>
    /// <param name="folder">The data set's folder, see <see cref="FolderOf"/>.</param>
    /// <param name="dataDirectory">Where data sets are kept, or <see langword="null"/>.</param>
    public static DataFolders Folders(string folder, string? dataDirectory)
    {
        string[] own = dataDirectory is null ? [] : [Path.Combine(dataDirectory, folder), dataDirectory];
        var remedy = $"Tracker.Jobs data get {folder}";
        return folder switch
        {
            "fashion-mnist" => new([.. own, FashionMnist.DebianDirectory], $"{remedy}; Debian and Ubuntu: apt-get install dataset-fashion-mnist"),
            "cifar10" => new([.. own, .. own.Select(d => Path.Combine(d, "cifar-10-batches-bin"))], remedy),
            "cifar100" => new([.. own, .. own.Select(d => Path.Combine(d, "cifar-100-binary"))], remedy),
            // Not in the data directory itself: Fashion-MNIST's files have the same names.
            "mnist" => new([.. own.Take(1)], remedy),
            "imagenet" => new(own, "Tracker.Jobs data get imagenet tells how to get it"),
            _ => new(own, remedy),
        };
    }
}
