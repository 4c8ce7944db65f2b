using System.Globalization;
using Tracker.Storage;

namespace Tracker.Web.Hosting;

/// <summary>The files that programs outside have stored with runs, in the data directory: a folder of each experiment, in it one of each run.</summary>
public sealed class ArtifactFiles(Settings settings, TimeProvider clock) : IRunFiles
{
    /// <summary>The folder of files that are still coming in.</summary>
    internal const string Incoming = ".incoming";

    /// <summary>A file to which nothing was added for so long has nobody left who sends it.</summary>
    private static readonly TimeSpan s_abandoned = TimeSpan.FromDays(1);

    private string Root => Path.Combine(settings.DataDirectory, "artifacts");

    public Task DeleteAsync(long sweepId, long runId, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(Root)) return Task.CompletedTask;
        // Under any experiment: a run that was given to another sweep has its files where it began.
        var name = runId.ToString("x32", CultureInfo.InvariantCulture);
        foreach (var folder in Directory.EnumerateDirectories(Root).Select(e => Path.Combine(e, name)).Where(Directory.Exists)) Directory.Delete(folder, recursive: true);
        return Task.CompletedTask;
    }

    /// <summary>Removes what a process that was killed left half written.</summary>
    /// <returns>How many files.</returns>
    public int RemoveAbandoned()
    {
        var folder = new DirectoryInfo(Path.Combine(Root, Incoming));
        if (!folder.Exists) return 0;
        var since = (clock.GetUtcNow() - s_abandoned).UtcDateTime;
        var abandoned = folder.EnumerateFiles().Where(f => f.LastWriteTimeUtc < since).ToList();
        foreach (var file in abandoned) file.Delete();
        return abandoned.Count;
    }

    public Task<long> BytesAsync(long sweepId, CancellationToken cancellationToken)
    {
        var folder = new DirectoryInfo(Path.Combine(Root, sweepId.ToString(CultureInfo.InvariantCulture)));
        return Task.FromResult(folder.Exists ? folder.EnumerateFiles("*", SearchOption.AllDirectories).Sum(f => f.Length) : 0);
    }
}
