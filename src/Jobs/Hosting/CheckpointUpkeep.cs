using System.Globalization;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Tracker.Jobs.Database;
using Tracker.Storage;

namespace Tracker.Jobs.Hosting;

/// <summary>Where the files of runs are on this host.</summary>
/// <param name="Path">A folder with one of each run in it, named by its id.</param>
internal sealed record RunFolders(string Path)
{
    public static RunFolders Of(string dataDirectory) => new(System.IO.Path.Combine(dataDirectory, "runs"));
}

/// <summary>
/// Removes what is no longer wanted from this host's disk, once an hour: checkpoints that a rule of retention gave up, and all of runs that were
/// purged. It asks about what it has and removes only what the database names, so that a wrong or an empty database costs nothing.
/// </summary>
internal sealed partial class CheckpointUpkeep(
    IDiscardedCheckpoints discarded, RunFolders folders, TimeProvider clock, ILogger<CheckpointUpkeep> logger) : BackgroundService
{
    private const int AtOnce = 1000;
    private static readonly TimeSpan s_period = TimeSpan.FromHours(1);

    private readonly LoopFaults _files = new(logger, "files of a run are removed");
    private readonly LoopFaults _faults = new(logger, "files of runs that are no longer wanted are removed");

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_period, clock);
        do
        {
            try
            {
                if (await RemoveAsync(stoppingToken) is var runs and > 0) LogRemoved(runs);
                _faults.Passed();
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                _faults.Tell(e, DatabaseFaults.IsTemporary(e));
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>Removes what there is now.</summary>
    /// <returns>Of how many runs something was removed.</returns>
    internal async Task<int> RemoveAsync(CancellationToken cancellationToken)
    {
        if (!Directory.Exists(folders.Path)) return 0;
        var runs = Directory.EnumerateDirectories(folders.Path)
            .Select(d => long.TryParse(Path.GetFileName(d), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : (long?)null).OfType<long>();
        var removed = 0;
        Exception? fault = null;
        foreach (var some in runs.Chunk(AtOnce))
        {
            foreach (var run in await discarded.AmongAsync(some, cancellationToken))
            {
                try
                {
                    if (Remove(run)) removed++;
                }
                catch (Exception e) when (e is IOException or UnauthorizedAccessException)
                {
                    // The others are to go all the same; this one has its turn again the next time.
                    fault ??= e;
                }
            }
        }
        if (fault is null) _files.Passed();
        else _files.Tell(fault, isTransient: false);
        return removed;
    }

    private bool Remove(DiscardedCheckpoint run)
    {
        var folder = Path.Combine(folders.Path, run.RunId.ToString(CultureInfo.InvariantCulture));
        if (run.Purged)
        {
            Directory.Delete(folder, recursive: true);
            return true;
        }
        var old = Directory.EnumerateFiles(folder, "checkpoint-*").Where(f => File.GetLastWriteTimeUtc(f) < run.At.UtcDateTime).ToList();
        foreach (var file in old) File.Delete(file);
        return old.Count > 0;
    }

    [LoggerMessage(1, LogLevel.Information, "Removed files of {Runs} runs that are no longer wanted.")]
    private partial void LogRemoved(int runs);
}
