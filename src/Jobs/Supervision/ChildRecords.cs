using System.Globalization;
using Tracker.Storage;

namespace Tracker.Jobs.Supervision;

/// <summary>A training process that a host started.</summary>
/// <param name="RunId">Its run.</param>
/// <param name="Attempt">Its attempt.</param>
/// <param name="Process">The process.</param>
internal readonly record struct ChildRecord(long RunId, int Attempt, ProcessIdentity Process);

/// <summary>
/// The training processes of one host, a small file each: what the database knows only once the child has told it, which may be long
/// after the start when Postgres is away.
/// </summary>
internal sealed class ChildRecords
{
    private const string Unfinished = ".new";

    private readonly string _directory;

    /// <param name="dataDirectory">The data directory.</param>
    /// <param name="hostName">The host.</param>
    public ChildRecords(string dataDirectory, string hostName)
    {
        _directory = Directory.CreateDirectory(Path.Combine(dataDirectory, "hosts", hostName, "children")).FullName;
        foreach (var file in Directory.EnumerateFiles(_directory, $"*{Unfinished}")) File.Delete(file);
    }

    /// <summary>Notes a process that has been started. The note appears as a whole, since it may be read at any time.</summary>
    public void Add(ChildRecord child)
    {
        var path = PathOf(child.RunId, child.Attempt);
        File.WriteAllText(path + Unfinished, string.Create(CultureInfo.InvariantCulture, $"{child.Process.Id} {child.Process.StartTicks}"));
        File.Move(path + Unfinished, path, overwrite: true);
    }

    /// <summary>Forgets a process that has ended.</summary>
    public void Remove(long runId, int attempt) => File.Delete(PathOf(runId, attempt));

    /// <summary>All that are noted. A file that was cut short by the machine's death names no process that could still live, and is deleted.</summary>
    public IReadOnlyList<ChildRecord> Read()
    {
        var found = new List<ChildRecord>();
        foreach (var file in Directory.EnumerateFiles(_directory).Where(f => !f.EndsWith(Unfinished, StringComparison.Ordinal)))
        {
            string text;
            try
            {
                text = File.ReadAllText(file);
            }
            catch (FileNotFoundException)
            {
                // Its process has ended meanwhile.
                continue;
            }
            if (Parse(file, text) is { } child) found.Add(child);
            else File.Delete(file);
        }
        return found;
    }

    private static ChildRecord? Parse(string file, string text) =>
        Path.GetFileName(file).Split('-') is [var run, var attempt] && long.TryParse(run, CultureInfo.InvariantCulture, out var runId)
        && int.TryParse(attempt, CultureInfo.InvariantCulture, out var number)
        && text.Split(' ') is [var id, var ticks] && int.TryParse(id, CultureInfo.InvariantCulture, out var process)
        && long.TryParse(ticks, CultureInfo.InvariantCulture, out var start)
            ? new(runId, number, new(process, start))
            : null;

    private string PathOf(long runId, int attempt) => Path.Combine(_directory, string.Create(CultureInfo.InvariantCulture, $"{runId}-{attempt}"));
}
