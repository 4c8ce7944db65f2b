namespace Tracker.Jobs.Supervision;

/// <summary>The kernel's count of processes that its out-of-memory killer ended.</summary>
internal static class OutOfMemoryKills
{
    private static readonly string[] s_sources = ["/sys/fs/cgroup/memory.events", "/proc/vmstat"];

    /// <summary>The count so far, or 0 where the kernel does not tell it.</summary>
    public static long Count()
    {
        long count = 0;
        foreach (var source in s_sources.Where(File.Exists)) count += Read(File.ReadLines(source));
        return count;
    }

    internal static long Read(IEnumerable<string> lines) =>
        lines.Select(l => l.Split(' ')).Where(p => p is ["oom_kill", _]).Sum(p => long.Parse(p[1]));
}
