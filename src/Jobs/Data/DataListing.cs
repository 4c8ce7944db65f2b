using System.Globalization;
using System.Text;

namespace Tracker.Jobs.Data;

/// <summary>Tells which data sets are there, where they lie, and how to get the others.</summary>
internal static class DataListing
{
    /// <summary>One paragraph for each data set.</summary>
    public static string Describe(IEnumerable<DatasetPackage> packages, string dataDirectory)
    {
        var text = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"Data directory: {dataDirectory}{Environment.NewLine}"));
        foreach (var package in packages) text.AppendLine(Line(package, dataDirectory));
        return text.ToString();
    }

    private static string Line(DatasetPackage package, string dataDirectory)
    {
        var files = package.SourceIn(dataDirectory).Locate();
        var found = files.Where(f => f.Path is not null).Select(f => f.Path!).ToList();
        var missing = files.Where(f => f.Path is null).Select(f => f.Name).ToList();
        var name = package.Name.PadRight(14);
        if (missing.Count == 0)
        {
            var folders = string.Join(", ", found.Select(Path.GetDirectoryName).Distinct());
            return $"{name} present     {Megabytes(found.Sum(f => new FileInfo(f).Length))} in {folders}";
        }
        var remedy = package.CanBeDownloaded ? $"Tracker.Jobs data get {package.Name} ({Megabytes(package.DownloadBytes)})" : $"by hand: Tracker.Jobs data get {package.Name} tells how";
        return found.Count == 0
            ? $"{name} missing     {remedy}"
            : $"{name} incomplete  {found.Count} of {files.Count} files, without {Names(missing)}: {remedy}";
    }

    /// <summary>The first few of many names.</summary>
    public static string Names(IReadOnlyList<string> names)
    {
        const int Few = 3;
        return names.Count <= Few + 1 ? string.Join(", ", names) : $"{string.Join(", ", names.Take(Few))} and {names.Count - Few} others";
    }

    private static string Megabytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:#,0.0} MB");
}
