using System.Globalization;
using Tracker.Training;

namespace Tracker.Jobs.Data;

/// <summary>
/// Puts a data set into the data directory. Everything is received, unpacked and verified in a folder of its own,
/// <c>.downloads/NAME</c>; only then are the files synced and renamed into the data set's folder. Killed at any moment, it leaves at
/// worst a part to go on from.
/// </summary>
/// <param name="dataDirectory">Where data sets are kept.</param>
/// <param name="downloader">Downloads.</param>
/// <param name="report">Where to tell what happens.</param>
/// <param name="clock">Time.</param>
internal sealed class DatasetInstaller(string dataDirectory, Downloader downloader, IDataReport report, TimeProvider clock)
{
    private const string Remedy = "the file is incomplete";

    /// <summary>Free space of the file system that a folder is on, in bytes.</summary>
    public Func<string, long> FreeSpace { get; init; } = path => new DriveInfo(path).AvailableFreeSpace;

    /// <summary>Downloads a data set unless it is there and intact.</summary>
    /// <exception cref="DownloadException">It cannot be had or not be written.</exception>
    /// <exception cref="DataException">What was downloaded is not the data set.</exception>
    public async Task GetAsync(DatasetPackage package, CancellationToken cancellationToken)
    {
        using var held = await LockAsync(package, cancellationToken);
        if (IsIntact(package)) return;
        var staging = StagingOf(package);
        CheckSpace(package, staging);
        // What has arrived stays where a later start finds it until all of it is there.
        var fetched = new List<(RemoteFile File, string Path)>();
        foreach (var file in package.Files) fetched.Add((file, await downloader.FetchAsync(file, staging, report, cancellationToken)));
        var ready = Emptied(Path.Combine(staging, "ready"));
        foreach (var (file, path) in fetched) await StageAsync(file, path, ready, move: true, cancellationToken);
        Install(package, ready);
        Directory.Delete(staging, recursive: true);
        report.Say($"{package.Title} is complete: {FolderOf(package)}");
    }

    /// <summary>Takes a data set over from files that were obtained by other means: the official ones, or those of the official archive.</summary>
    /// <param name="package">The data set.</param>
    /// <param name="path">The archive, or a folder with the files.</param>
    /// <param name="cancellationToken">Ends the import.</param>
    /// <exception cref="DataException">They are missing or damaged.</exception>
    /// <exception cref="DownloadException">They cannot be written.</exception>
    public async Task ImportAsync(DatasetPackage package, string path, CancellationToken cancellationToken)
    {
        using var held = await LockAsync(package, cancellationToken);
        var staging = StagingOf(package);
        var ready = Emptied(Path.Combine(staging, "ready"));
        var archives = package.Files.Where(f => f.Members.Count > 0).Select(f => (File: f, Path: Directory.Exists(path) ? Path.Combine(path, f.Name) : path)).ToList();
        if (archives.Count > 0 && archives.TrueForAll(a => File.Exists(a.Path)))
        {
            foreach (var (file, archive) in archives)
            {
                await VerifyAsync(file, archive, cancellationToken);
                await StageAsync(file, archive, ready, move: false, cancellationToken);
            }
        }
        else
        {
            foreach (var file in package.SourceIn(path, $"expected the files of {package.Title} in {path}").Locate())
            {
                var found = file.Path ?? throw new DataException(Path.Combine(path, file.Name), $"a file of {package.Title}", "none");
                await CopyAsync(found, Path.Combine(ready, Path.GetFileName(found)), cancellationToken);
            }
        }
        Install(package, ready);
        Directory.Delete(ready, recursive: true);
        report.Say($"{package.Title} is complete: {FolderOf(package)}");
    }

    private string FolderOf(DatasetPackage package) => Path.Combine(dataDirectory, package.Name);

    private string StagingOf(DatasetPackage package) => Directory.CreateDirectory(Path.Combine(dataDirectory, ".downloads", package.Name)).FullName;

    private async Task<DataLock> LockAsync(DatasetPackage package, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateDirectory(Path.Combine(dataDirectory, ".downloads")).FullName;
        return await DataLock.AcquireAsync(Path.Combine(folder, $"{package.Name}.lock"), report, clock, cancellationToken);
    }

    private bool IsIntact(DatasetPackage package)
    {
        var source = package.SourceIn(dataDirectory);
        var files = source.Locate();
        if (files.Any(f => f.Path is null)) return false;
        try
        {
            var verified = source.Verify().ToList();
            report.Say($"{package.Title} is there and intact: {Path.GetDirectoryName(verified[0])}");
            return true;
        }
        catch (DataException e)
        {
            report.Say($"{e.Message} It is downloaded anew.");
            return false;
        }
    }

    private void CheckSpace(DatasetPackage package, string staging)
    {
        var needed = package.Files.Sum(f => f.Bytes + f.UnpackedBytes)
            - Directory.EnumerateFiles(staging).Sum(f => new FileInfo(f).Length);
        if (FreeSpace(staging) is var free && free < needed)
            throw new DownloadException(string.Create(CultureInfo.InvariantCulture, $"{package.Title} needs {needed / 1e6:0.0} MB more in {staging}, where {free / 1e6:0.0} MB are free."));
    }

    private async Task StageAsync(RemoteFile file, string path, string ready, bool move, CancellationToken cancellationToken)
    {
        try
        {
            if (file.Members.Count > 0) await ArchiveUnpacker.UnpackAsync(path, file.Members, file.UnpackedBytes, ready, report, cancellationToken);
            else if (move) File.Move(path, Path.Combine(ready, file.Name));
        }
        catch (IOException e)
        {
            throw Unwritable(ready, e);
        }
    }

    private static async Task CopyAsync(string from, string to, CancellationToken cancellationToken)
    {
        try
        {
            await using var input = File.OpenRead(from);
            await using var output = new FileStream(to, FileMode.Create, FileAccess.Write, FileShare.None);
            await input.CopyToAsync(output, cancellationToken);
        }
        catch (IOException e)
        {
            throw Unwritable(to, e);
        }
    }

    private static async Task VerifyAsync(RemoteFile file, string path, CancellationToken cancellationToken)
    {
        if (new FileInfo(path).Length is var length && length != file.Bytes) throw new DataException(path, $"{file.Bytes} bytes", $"{length}");
        var sha256 = await PartFile.Sha256Async(path, cancellationToken);
        if (sha256 != file.Sha256) throw new DataException(path, $"SHA-256 {file.Sha256}", sha256);
    }

    /// <summary>Verifies what is ready as the trainer will, and gives it its place file by file; each is whole, so any number of them is sound.</summary>
    private void Install(DatasetPackage package, string ready)
    {
        foreach (var _ in package.SourceIn(ready, Remedy).Verify())
        {
            // Each file was read in full; a fault would have been thrown.
        }
        var folder = Directory.CreateDirectory(FolderOf(package)).FullName;
        try
        {
            foreach (var file in Directory.EnumerateFiles(ready)) DurableFile.MoveIntoPlace(file, Path.Combine(folder, Path.GetFileName(file)));
        }
        catch (IOException e)
        {
            throw Unwritable(folder, e);
        }
    }

    private static string Emptied(string folder)
    {
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        return Directory.CreateDirectory(folder).FullName;
    }

    private static DownloadException Unwritable(string path, IOException e) => new($"{path} cannot be written: {e.Message}", e);
}
