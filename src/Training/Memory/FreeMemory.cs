using System.Globalization;

namespace Tracker.Training;

/// <summary>How much memory this process may still take before the kernel ends it: what the machine has, and what its control groups allow.</summary>
/// <param name="root">Where /proc and /sys are found.</param>
internal sealed class FreeMemory(string root = "/")
{
    /// <summary>Bytes, or <see langword="null"/> when the system does not tell.</summary>
    public long? Bytes()
    {
        var machine = Lines("proc/meminfo").Select(l => l.Split((char[])[':', ' '], StringSplitOptions.RemoveEmptyEntries))
            .Where(l => l is ["MemAvailable", ..]).Select(l => long.Parse(l[1], CultureInfo.InvariantCulture) * 1024);
        long[] limits = [.. machine, .. Lines("proc/self/cgroup").SelectMany(RoomIn)];
        return limits.Length == 0 ? null : Math.Max(0, limits.Min());
    }

    /// <summary>What a group and the groups around it allow beyond their present use; pages of files that can be dropped do not count as used.</summary>
    private IEnumerable<long> RoomIn(string line)
    {
        if (line.Split(':', 3) is not [_, var controllers, var path]) yield break;
        var isUnified = controllers.Length == 0;
        if (!isUnified && !controllers.Split(',').Contains("memory")) yield break;
        var (mount, limitFile, usageFile, cacheKey) = isUnified
            ? ("sys/fs/cgroup", "memory.max", "memory.current", "inactive_file")
            : ("sys/fs/cgroup/memory", "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file");
        for (var group = path.Trim('/'); ; group = Path.GetDirectoryName(group) ?? "")
        {
            var directory = Path.Combine(mount, group);
            if (Number(directory, limitFile) is { } limit && Number(directory, usageFile) is { } usage)
                yield return limit - usage + Lines(Path.Combine(directory, "memory.stat")).Where(l => l.StartsWith(cacheKey + " ", StringComparison.Ordinal)).Sum(l => long.Parse(l.AsSpan(cacheKey.Length + 1), CultureInfo.InvariantCulture));
            if (group.Length == 0) yield break;
        }
    }

    /// <summary>The number in a file; none where there is no limit, which reads <c>max</c>.</summary>
    private long? Number(string directory, string file) =>
        Lines(Path.Combine(directory, file)).FirstOrDefault() is { } line && long.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private string[] Lines(string path)
    {
        var file = Path.Combine(root, path);
        return File.Exists(file) ? File.ReadAllLines(file) : [];
    }
}
