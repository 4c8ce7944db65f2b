using System.Globalization;

namespace Tracker.System.Tests.Support;

/// <summary>A process of a host that trains, as the kernel tells it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="ParentId">Its host.</param>
/// <param name="RunId">The run that it trains.</param>
internal readonly record struct TrainingProcess(int Id, int ParentId, long RunId)
{
    /// <summary>Those of this program's hosts that live now.</summary>
    public static IReadOnlyList<TrainingProcess> All() =>
    [
        .. from folder in Directory.EnumerateDirectories("/proc")
           let name = Path.GetFileName(folder)
           where name.All(char.IsAsciiDigit)
           let process = Find(int.Parse(name, CultureInfo.InvariantCulture))
           where process is not null
           select process.Value,
    ];

    /// <summary>The parent of a process that lives (and is no zombie).</summary>
    public static int? ParentOf(int processId)
    {
        // "pid (name) state ppid …"; the name may hold blanks and parentheses.
        var fields = Read(processId, "stat").Split(')')[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields is [not "Z", var parent, ..] ? int.Parse(parent, CultureInfo.InvariantCulture) : null;
    }

    private static TrainingProcess? Find(int processId)
    {
        var words = Read(processId, "cmdline").Split('\0');
        return words is [_, "train", "--run", var run, ..] && ParentOf(processId) is { } parent && ParentOf(parent) == Environment.ProcessId
            ? new(processId, parent, long.Parse(run, CultureInfo.InvariantCulture))
            : null;
    }

    private static string Read(int processId, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{processId}/{file}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It ended meanwhile, or is another user's.
            return "";
        }
    }
}
