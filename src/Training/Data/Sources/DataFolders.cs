namespace Tracker.Training;

/// <summary>Where the files of one data set may lie, in the order in which they are looked for.</summary>
/// <param name="Directories">The folders.</param>
/// <param name="Remedy">What to do when a file is in none of them, for the message.</param>
public sealed record DataFolders(IReadOnlyList<string> Directories, string Remedy)
{
    /// <summary>The path of a file, or <see langword="null"/>.</summary>
    /// <param name="names">Names that the file may have, the preferred one first.</param>
    public string? Locate(params IReadOnlyList<string> names) =>
        Directories.SelectMany(d => names.Select(n => Path.Combine(d, n))).FirstOrDefault(File.Exists);

    /// <summary>The path of a file.</summary>
    /// <param name="names">Names that the file may have, the preferred one first.</param>
    /// <exception cref="DataException">It is in none of the folders.</exception>
    public string Find(params IReadOnlyList<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        return Locate(names) ?? throw new DataException(
            names[0], Directories.Count == 0 ? "a data directory with the file" : $"the file in {string.Join(" or ", Directories)}", $"none ({Remedy})");
    }
}
