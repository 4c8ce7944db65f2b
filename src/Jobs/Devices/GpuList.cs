using System.Globalization;
using System.Text.RegularExpressions;

namespace Tracker.Jobs.Devices;

/// <summary>A GPU, or a part of one that a machine's owner has cut off (MIG).</summary>
/// <param name="Index">Its number on this machine as the driver counts, in the order of the bus.</param>
/// <param name="Id">What CUDA_VISIBLE_DEVICES calls it.</param>
/// <param name="Model">What it is.</param>
/// <param name="MemoryBytes">Its memory; 0 when it has none of its own.</param>
/// <param name="Part">Which part of the GPU with this number it is; <see langword="null"/> for a whole one.</param>
internal sealed record Gpu(int Index, string Id, string Model, long MemoryBytes, int? Part = null)
{
    /// <summary>
    /// Its name among the devices of this machine: the same for all hosts there, whichever of the GPUs each may use, because runs that share
    /// a device are told by it.
    /// </summary>
    public string Name => Part is null ? $"cuda:{Index}" : $"cuda:{Index}/{Part}";
}

/// <summary>Reads what <c>nvidia-smi</c> prints.</summary>
internal static partial class GpuList
{
    private const int MatchMilliseconds = 1000;

    /// <summary>What to ask for the whole GPUs.</summary>
    public static IReadOnlyList<string> Query { get; } = ["--query-gpu=index,uuid,memory.total,name", "--format=csv,noheader,nounits"];

    /// <summary>What to ask for the parts of GPUs.</summary>
    public static IReadOnlyList<string> QueryParts { get; } = ["-L"];

    /// <summary>The whole GPUs. Where the memory is that of the machine the driver prints no number.</summary>
    public static IReadOnlyList<Gpu> Read(string csv) =>
    [
        .. csv.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(l => l.Split(',', 4, StringSplitOptions.TrimEntries))
            .Where(f => f.Length == 4 && int.TryParse(f[0], CultureInfo.InvariantCulture, out _))
            .Select(f => new Gpu(
                int.Parse(f[0], CultureInfo.InvariantCulture), f[1], f[3],
                long.TryParse(f[2], CultureInfo.InvariantCulture, out var megabytes) ? megabytes << 20 : 0)),
    ];

    /// <summary>
    /// Puts the parts of divided GPUs in the place of those. Of a part CUDA shows one to a process, and only under its own id.
    /// </summary>
    /// <param name="gpus">The whole GPUs.</param>
    /// <param name="listing">A line for each GPU, each followed by a line for each of its parts.</param>
    public static IReadOnlyList<Gpu> Divide(IReadOnlyList<Gpu> gpus, string listing)
    {
        var parts = new List<Gpu>();
        Gpu? whole = null;
        foreach (var line in listing.Split('\n'))
        {
            if (WholeLine().Match(line) is { Success: true } gpu)
                whole = gpus.FirstOrDefault(g => g.Index == int.Parse(gpu.Groups["index"].Value, CultureInfo.InvariantCulture));
            else if (whole is not null && PartLine().Match(line) is { Success: true } part)
                parts.Add(new(whole.Index, part.Groups["id"].Value, $"{whole.Model} MIG {part.Groups["profile"].Value}", MemoryOf(part.Groups["profile"].Value),
                    parts.Count(p => p.Index == whole.Index)));
        }
        return [.. gpus.SelectMany(g => parts.Where(p => p.Index == g.Index).DefaultIfEmpty(g))];
    }

    /// <summary>
    /// What CUDA_VISIBLE_DEVICES leaves, in its order: numbers, ids or beginnings of ids. CUDA stops at the first entry that names nothing.
    /// </summary>
    /// <param name="gpus">All.</param>
    /// <param name="visible">The variable; <see langword="null"/> when it is not set, which leaves all.</param>
    public static IReadOnlyList<Gpu> Visible(IReadOnlyList<Gpu> gpus, string? visible)
    {
        if (visible is null) return gpus;
        var left = new List<Gpu>();
        foreach (var entry in visible.Split(',', StringSplitOptions.TrimEntries))
        {
            var named = int.TryParse(entry, NumberStyles.None, CultureInfo.InvariantCulture, out var index)
                ? gpus.Where(g => g.Index == index && g.Part is null or 0).ToList()
                : entry.Length == 0 ? [] : gpus.Where(g => g.Id.StartsWith(entry, StringComparison.Ordinal)).ToList();
            if (named.Count != 1 || left.Contains(named[0])) break;
            left.Add(named[0]);
        }
        return left;
    }

    /// <summary>A profile such as <c>1g.10gb</c> names the memory.</summary>
    private static long MemoryOf(string profile) =>
        ProfileMemory().Match(profile) is { Success: true } memory ? long.Parse(memory.Groups["gigabytes"].Value, CultureInfo.InvariantCulture) * 1_000_000_000 : 0;

    [GeneratedRegex(@"^GPU (?<index>\d+):", RegexOptions.ExplicitCapture, MatchMilliseconds)]
    private static partial Regex WholeLine();

    [GeneratedRegex(@"^\s+MIG (?<profile>\S+)\s.*\(UUID: (?<id>MIG-[^)]+)\)", RegexOptions.ExplicitCapture, MatchMilliseconds)]
    private static partial Regex PartLine();

    [GeneratedRegex(@"(?<gigabytes>\d+)gb", RegexOptions.ExplicitCapture, MatchMilliseconds)]
    private static partial Regex ProfileMemory();
}
