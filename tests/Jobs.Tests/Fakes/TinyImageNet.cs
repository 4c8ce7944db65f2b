using System.Buffers.Binary;
using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Tracker.Jobs.Data.ImageNet;
using Tracker.Tests.Files;
using Tracker.Training;

namespace Tracker.Jobs.Tests.Fakes;

/// <summary>
/// Three classes of four photographs each and five validation images, in archives of ImageNet's form. Every photograph is of one
/// colour that tells its class and number apart.
/// </summary>
internal sealed class TinyImageNet
{
    public const int Size = 16;
    private const int PerClass = 4;
    private static readonly string[] s_classes = ["n02119789", "n01440764", "n02084071"];
    private static readonly int[] s_truth = [3, 1, 2, 2, 1];

    private readonly string _directory;

    public TinyImageNet(string directory)
    {
        _directory = Directory.CreateDirectory(directory).FullName;
        WriteTraining(s_classes);
        WriteValidation(Enumerable.Range(1, s_truth.Length));
        WriteKit(Meta(), s_truth);
    }

    /// <summary>What the archives must be, with the checksums of what lies there now.</summary>
    public ImageNetFiles Files => new(
        Official("ILSVRC2012_img_train.tar"), Official("ILSVRC2012_img_val.tar"), Official("ILSVRC2012_devkit_t12.tar.gz"),
        new ShardLayout(s_classes.Length * PerClass, s_truth.Length, s_classes.Length, Size, PerShard: 5));

    /// <summary>The labels of the validation images: the place of the class in ascending order of WordNet ids.</summary>
    public static int[] ValidationLabels => [.. s_truth.Select(id => Label(s_classes[id - 1]))];

    /// <summary>The colour of a training image.</summary>
    public static (byte R, byte G, byte B) Color(int label, int number) => ((byte)(40 + 60 * label), (byte)(30 + 40 * number), 90);

    /// <summary>The colour of a validation image, counted from 1.</summary>
    public static (byte R, byte G, byte B) ValidationColor(int number) => ((byte)(20 * number), 200, (byte)(10 * number));

    public static int Label(string synset) => Array.IndexOf([.. s_classes.Order(StringComparer.Ordinal)], synset);

    public string PathOf(string name) => Path.Combine(_directory, name);

    public void WriteTraining(params IEnumerable<string> classes) => WriteTraining(classes, broken: null);

    /// <summary>With one image that is none, such as <c>n01440764_2</c>.</summary>
    public void WriteTrainingWithBroken(string image) => WriteTraining(s_classes, image);

    private void WriteTraining(IEnumerable<string> classes, string? broken) =>
        WriteTar("ILSVRC2012_img_train.tar", classes.Select(c => ($"{c}.tar", ClassArchive(c, broken))));

    public void WriteValidation(IEnumerable<int> numbers) =>
        WriteTar("ILSVRC2012_img_val.tar", numbers.Select(n => ($"ILSVRC2012_val_{n:00000000}.JPEG", Jpeg(ValidationColor(n), 30, 20))));

    public void WriteKit(byte[] meta, IEnumerable<int> truth)
    {
        using var file = File.Create(PathOf("ILSVRC2012_devkit_t12.tar.gz"));
        using var gzip = new GZipStream(file, CompressionLevel.Fastest);
        using var tar = new TarWriter(gzip, TarEntryFormat.Ustar);
        Add(tar, "ILSVRC2012_devkit_t12/readme.txt", "read me"u8.ToArray());
        Add(tar, "ILSVRC2012_devkit_t12/data/meta.mat", meta);
        Add(tar, "ILSVRC2012_devkit_t12/data/ILSVRC2012_validation_ground_truth.txt", Encoding.ASCII.GetBytes(string.Concat(truth.Select(t => $"{t}\n"))));
    }

    /// <summary>The kit's list of synsets: the classes, and one inner node.</summary>
    public static byte[] Meta() => MatFiles.Write("synsets", [.. s_classes.Select((c, i) => (i + 1, c, 0)), (4, "n00001740", 3)]);

    private OfficialArchive Official(string name) =>
        new(name, new FileInfo(PathOf(name)).Length, Convert.ToHexStringLower(CryptographicOperations.HashData(HashAlgorithmName.MD5, File.ReadAllBytes(PathOf(name)))));

    private static byte[] ClassArchive(string synset, string? broken)
    {
        using var bytes = new MemoryStream();
        using (var tar = new TarWriter(bytes, TarEntryFormat.Ustar, leaveOpen: true))
            for (var i = 0; i < PerClass; i++) Add(tar, $"{synset}_{i}.JPEG", $"{synset}_{i}" == broken ? "no picture"u8.ToArray() : TrainingImage(synset, i));
        return bytes.ToArray();
    }

    /// <summary>Of various sizes; one is a PNG file in disguise and one in printing colours, as in the original.</summary>
    private static byte[] TrainingImage(string synset, int number)
    {
        var (r, g, b) = Color(Label(synset), number);
        if (synset == s_classes[0] && number == 1) return PngFiles.Encode(24, 20, (r, g, b));
        if (synset == s_classes[1] && number == 2) return JpegFiles.EncodeCmyk([.. Enumerable.Range(0, 30 * 30).SelectMany(_ => new[] { r, g, b, (byte)255 })], 30, 30);
        return Jpeg((r, g, b), 20 + 5 * number, 40 - 5 * number);
    }

    private static byte[] Jpeg((byte R, byte G, byte B) color, int width, int height) =>
        JpegFiles.Encode([.. Enumerable.Range(0, width * height).SelectMany(_ => new[] { color.R, color.G, color.B })], width, height);

    private void WriteTar(string name, IEnumerable<(string Name, byte[] Content)> entries)
    {
        using var file = File.Create(PathOf(name));
        using var tar = new TarWriter(file, TarEntryFormat.Ustar);
        foreach (var (entry, content) in entries) Add(tar, entry, content);
    }

    private static void Add(TarWriter tar, string name, byte[] content) =>
        tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content) });
}

/// <summary>PNG files of one colour.</summary>
internal static class PngFiles
{
    public static byte[] Encode(int width, int height, (byte R, byte G, byte B) color) =>
        Encode(width, height, type: 2, [.. Enumerable.Range(0, height).SelectMany(_ => Enumerable.Range(0, width).SelectMany(_ => new[] { color.R, color.G, color.B }).Prepend((byte)0))]);

    /// <summary>A file of lines that begin with their filter.</summary>
    public static byte[] Encode(int width, int height, byte type, byte[] lines, byte[]? palette = null, byte interlace = 0)
    {
        using var compressed = new MemoryStream();
        using (var zlib = new ZLibStream(compressed, CompressionLevel.Fastest, leaveOpen: true)) zlib.Write(lines);
        var data = compressed.ToArray();
        return
        [
            0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a,
            .. Chunk("IHDR", [.. BigEndian(width), .. BigEndian(height), 8, type, 0, 0, interlace]),
            .. palette is null ? [] : Chunk("PLTE", palette),
            .. Chunk("IDAT", data[..(data.Length / 2)]), .. Chunk("IDAT", data[(data.Length / 2)..]), .. Chunk("IEND", []),
        ];
    }

    private static byte[] Chunk(string name, byte[] data) => [.. BigEndian(data.Length), .. Encoding.ASCII.GetBytes(name), .. data, 0, 0, 0, 0];

    private static byte[] BigEndian(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }
}

/// <summary>MATLAB files with an uncompressed structure array of synsets.</summary>
internal static class MatFiles
{
    public static byte[] Write(string variable, IReadOnlyList<(int Id, string Synset, int Children)> synsets)
    {
        string[] fields = ["ILSVRC2012_ID", "WNID", "num_children"];
        var content = new List<byte>();
        content.AddRange(Header(classNumber: 2, synsets.Count, 1, variable));
        content.AddRange(Element(5, BitConverter.GetBytes(16)));
        content.AddRange(Element(1, [.. fields.SelectMany(f => Encoding.ASCII.GetBytes(f.PadRight(16, '\0')))]));
        foreach (var (id, synset, children) in synsets)
        {
            content.AddRange(Number(id));
            content.AddRange(Element(14, [.. Header(classNumber: 4, 1, synset.Length, ""), .. Element(4, [.. synset.SelectMany(c => BitConverter.GetBytes((short)c))])]));
            content.AddRange(Number(children));
        }
        return [.. Encoding.ASCII.GetBytes("MATLAB 5.0 MAT-file".PadRight(124)), 0x00, 0x01, (byte)'I', (byte)'M', .. Element(14, [.. content])];
    }

    /// <summary>A number of class double, stored in a byte within the tag, as MATLAB does with small ones.</summary>
    private static byte[] Number(int value) => Element(14, [.. Header(classNumber: 6, 1, 1, ""), 2, 0, 1, 0, (byte)value, 0, 0, 0]);

    private static byte[] Header(int classNumber, int rows, int columns, string name) =>
    [
        .. Element(6, [.. BitConverter.GetBytes(classNumber), 0, 0, 0, 0]),
        .. Element(5, [.. BitConverter.GetBytes(rows), .. BitConverter.GetBytes(columns)]),
        .. Element(1, Encoding.ASCII.GetBytes(name)),
    ];

    private static byte[] Element(int type, byte[] data) =>
        [.. BitConverter.GetBytes(type), .. BitConverter.GetBytes(data.Length), .. data, .. new byte[(8 - data.Length % 8) % 8]];
}
