namespace Tracker.Jobs.Data;

/// <summary>
/// Lets one process at a time work on a data set. The kernel frees the lock when its process ends, however it ends; the file itself
/// stays, since deleting it would let two processes lock two files of the same name.
/// </summary>
internal sealed class DataLock : IDisposable
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(500);

    private readonly FileStream _file;

    private DataLock(FileStream file) => _file = file;

    /// <summary>Waits for the lock; says once that it waits.</summary>
    /// <param name="path">The lock file.</param>
    /// <param name="report">Where to say it.</param>
    /// <param name="clock">Time.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<DataLock> AcquireAsync(string path, IDataReport report, TimeProvider clock, CancellationToken cancellationToken)
    {
        for (var waited = false; ; waited = true)
        {
            if (TryAcquire(path) is { } taken) return taken;
            if (!waited) report.Say($"Another process is getting the same data set; waiting until it has ended ({path}).");
            await Task.Delay(s_pause, clock, cancellationToken);
        }
    }

    /// <summary>Takes the lock if it is free.</summary>
    public static DataLock? TryAcquire(string path)
    {
        try
        {
            return new(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException e) when (e is not (DirectoryNotFoundException or FileNotFoundException or PathTooLongException) && e.HResult == WouldBlock)
        {
            return null;
        }
    }

    /// <summary>EWOULDBLOCK of Linux, which is what flock answers when another process holds the lock.</summary>
    private const int WouldBlock = 11;

    public void Dispose() => _file.Dispose();
}
