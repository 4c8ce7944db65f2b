using System.Formats.Tar;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using Tracker.Training;

namespace Tracker.Jobs.Data.ImageNet;

/// <summary>
/// What ImageNet's development kit says: which synsets are the classes, and which of them each validation image shows.
/// </summary>
/// <param name="Classes">The classes' WordNet ids, such as <c>n01440764</c>, in ascending order; the place in it is the label.</param>
/// <param name="ValidationLabels">The label of each validation image, in the order of their numbers.</param>
internal sealed record DevKit(IReadOnlyList<string> Classes, IReadOnlyList<int> ValidationLabels)
{
    private const string MetaName = "data/meta.mat";
    private const string TruthName = "data/ILSVRC2012_validation_ground_truth.txt";

    /// <summary>Reads the kit.</summary>
    /// <param name="archive"><c>ILSVRC2012_devkit_t12.tar.gz</c>.</param>
    /// <param name="classes">Number of classes that there must be.</param>
    /// <param name="images">Number of validation images that there must be.</param>
    /// <exception cref="DataException">It is damaged or not what was expected.</exception>
    public static DevKit Read(string archive, int classes, int images)
    {
        var files = ReadFiles(archive);
        var meta = $"{archive}: {MetaName}";
        var synsets = MatFile.Read(meta, files[MetaName]).FirstOrDefault(v => v.Name == "synsets")
            ?? throw new DataException(meta, "a variable 'synsets'", "none");
        // The kit also lists the inner nodes of the hierarchy, which are no classes.
        var leaves = synsets.Elements.Where(s => Number(meta, s, "num_children") == 0)
            .ToDictionary(s => Number(meta, s, "ILSVRC2012_ID"), s => Field(meta, s, "WNID").Text);
        var ordered = leaves.Values.Order(StringComparer.Ordinal).Distinct(StringComparer.Ordinal).ToList();
        if (ordered.Count != classes) throw new DataException(meta, $"{classes} synsets without children", $"{ordered.Count}");
        return new(ordered, ReadTruth($"{archive}: {TruthName}", files[TruthName], leaves, ordered, images));
    }

    private static List<int> ReadTruth(string path, byte[] bytes, Dictionary<int, string> synsets, List<string> classes, int images)
    {
        var lines = Encoding.ASCII.GetString(bytes).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (lines.Length != images) throw new DataException(path, $"{images} lines", $"{lines.Length}");
        var labels = new List<int>(images);
        for (var i = 0; i < lines.Length; i++)
        {
            if (!int.TryParse(lines[i], NumberStyles.None, CultureInfo.InvariantCulture, out var id) || !synsets.TryGetValue(id, out var synset))
                throw new DataException(path, "the ILSVRC2012_ID of a class in every line", $"'{lines[i]}' in line {i + 1}");
            labels.Add(classes.BinarySearch(synset, StringComparer.Ordinal));
        }
        return labels;
    }

    private static MatArray Field(string meta, IReadOnlyDictionary<string, MatArray> synset, string name) =>
        synset.TryGetValue(name, out var field) ? field : throw new DataException(meta, $"synsets with a field '{name}'", "none");

    private static int Number(string meta, IReadOnlyDictionary<string, MatArray> synset, string name) =>
        Field(meta, synset, name).Numbers is [var value, ..] ? (int)value : throw new DataException(meta, $"a number in '{name}'", "none");

    private static Dictionary<string, byte[]> ReadFiles(string archive)
    {
        var files = new Dictionary<string, byte[]>();
        try
        {
            using var file = File.OpenRead(archive);
            using var tar = new TarReader(new GZipStream(file, CompressionMode.Decompress));
            while (tar.GetNextEntry() is { } entry)
            {
                var name = new[] { MetaName, TruthName }.FirstOrDefault(n => entry.Name.EndsWith(n, StringComparison.Ordinal));
                if (name is null || entry.DataStream is not { } data) continue;
                using var content = new MemoryStream();
                data.CopyTo(content);
                files[name] = content.ToArray();
            }
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or FormatException)
        {
            throw new DataException(archive, "an intact .tar.gz archive", $"damage ({e.Message.TrimEnd('.')})", e);
        }
        foreach (var name in new[] { MetaName, TruthName })
            if (!files.ContainsKey(name)) throw new DataException(archive, $"'{name}' in it", "no such file");
        return files;
    }
}
