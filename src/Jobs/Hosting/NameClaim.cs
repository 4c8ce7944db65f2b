namespace Tracker.Jobs.Hosting;

/// <summary>
/// Keeps a second host of the same name from starting on the same data directory. The kernel drops the lock with the process, however
/// it ends.
/// </summary>
internal static class NameClaim
{
    /// <summary>Takes the name, or answers <see langword="null"/> when a living host has it.</summary>
    public static IDisposable? Take(string dataDirectory, string name)
    {
        var directory = Directory.CreateDirectory(Path.Combine(dataDirectory, "hosts"));
        try
        {
            return new FileStream(Path.Combine(directory.FullName, $"{name}.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (e is not (DirectoryNotFoundException or PathTooLongException))
        {
            return null;
        }
    }
}
