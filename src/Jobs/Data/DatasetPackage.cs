using Tracker.Training;

namespace Tracker.Jobs.Data;

/// <summary>A published file of a data set.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">Its SHA-256, 64 lower-case hexadecimal digits.</param>
/// <param name="Mirrors">Where it can be had, to be tried in this order.</param>
internal sealed record RemoteFile(string Name, long Bytes, string Sha256, IReadOnlyList<Uri> Mirrors)
{
    /// <summary>The files to take out of it when it is an archive (.tar.gz); none when the file itself is wanted.</summary>
    public IReadOnlyList<string> Members { get; init; } = [];

    /// <summary>What the members take together, in bytes.</summary>
    public long UnpackedBytes { get; init; }
}

/// <summary>How a data set is obtained.</summary>
/// <param name="Name">Its name, which is also its folder in the data directory.</param>
/// <param name="Title">Its name for people.</param>
/// <param name="Terms">Under which terms it may be used.</param>
/// <param name="Files">What to download; none when it cannot be had without an account.</param>
/// <param name="Read">Makes its reader.</param>
internal sealed record DatasetPackage(
    string Name, string Title, string Terms, IReadOnlyList<RemoteFile> Files, Func<DataFolders, IImageSource> Read)
{
    /// <summary>How to get it where it cannot be downloaded.</summary>
    public string? Instructions { get; init; }

    /// <summary>Whether it can be had without an account.</summary>
    public bool CanBeDownloaded => Files.Count > 0;

    /// <summary>What there is to download, in bytes.</summary>
    public long DownloadBytes => Files.Sum(f => f.Bytes);

    /// <summary>The reader of the files that lie in the data directory, or where a package put them.</summary>
    public IImageSource SourceIn(string dataDirectory) => Read(ImageSources.Folders(Name, dataDirectory));

    /// <summary>The reader of files that lie in a folder and nowhere else.</summary>
    public IImageSource SourceIn(string folder, string remedy) => Read(new DataFolders([folder], remedy));
}
