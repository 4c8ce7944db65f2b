using System.Runtime.InteropServices;

namespace Tracker.Training;

/// <summary>Writes a file so that under its name there is either the whole of it or what was there before, also after a power failure.</summary>
public static class DurableFile
{
    /// <summary>Writes a temporary file beside the target, syncs it, renames it, and syncs the directory.</summary>
    /// <param name="path">The target.</param>
    /// <param name="write">Writes the content.</param>
    /// <exception cref="IOException">Something could not be written, such as on a full disk; the target is untouched and the temporary file gone.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        var temporary = path + ".tmp";
        try
        {
            using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None))
            {
                write(file);
                file.Flush(flushToDisk: true);
            }
            Rename(temporary, path);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>Gives a file that is complete its name: syncs it, renames it, and syncs the directory.</summary>
    /// <param name="temporary">The file, on the same file system as the target.</param>
    /// <param name="path">The target; what was there before is replaced.</param>
    /// <exception cref="IOException">Something could not be written.</exception>
    public static void MoveIntoPlace(string temporary, string path)
    {
        using (var file = new FileStream(temporary, FileMode.Open, FileAccess.Write, FileShare.Read)) file.Flush(flushToDisk: true);
        Rename(temporary, path);
    }

    private static void Rename(string temporary, string path)
    {
        File.Move(temporary, path, overwrite: true);
        SyncDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
    }

    /// <summary>Makes a rename durable. .NET opens no directories, so the C library does.</summary>
    private static void SyncDirectory(string directory)
    {
        if (!OperatingSystem.IsLinux()) return;
        var handle = Open(directory, 0);
        if (handle < 0) throw new IOException($"{directory}: cannot be opened to sync it (error {Marshal.GetLastPInvokeError()}).");
        var failed = Sync(handle) < 0;
        var error = Marshal.GetLastPInvokeError();
        _ = Close(handle);
        if (failed) throw new IOException($"{directory}: cannot be synced (error {error}).");
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Sync(int handle);

    [DllImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Close(int handle);
}
