using System.Buffers;
using Tracker.Web.Hosting;

namespace Tracker.Web.Mlflow;

/// <summary>A file or folder among artifacts.</summary>
/// <param name="Path">Its place below what was listed.</param>
/// <param name="Bytes">Its size; <see langword="null"/> for a folder.</param>
internal sealed record ArtifactEntry(string Path, long? Bytes);

/// <summary>The disk takes no file: it is full or broken.</summary>
internal sealed class NoRoomException(IOException inner) : Exception("The server has no room for the file: its disk is full, or takes none. Nothing was changed.", inner);

/// <summary>
/// The files that programs keep with their runs, in the data directory under <c>artifacts/EXPERIMENT/RUN/artifacts</c>, where the
/// experiment is the one that the run began in. A file appears whole or not at all; links are never followed, should somebody put one there.
/// </summary>
internal sealed class ArtifactStore(Settings settings)
{
    private const int BufferSize = 128 * 1024;
    private readonly string _root = Path.Combine(settings.DataDirectory, "artifacts");

    /// <summary>What lies directly in a folder, by name; a file is in no folder of its own, so that it lists as nothing.</summary>
    public IReadOnlyList<ArtifactEntry> List(ArtifactPath path)
    {
        var folder = new DirectoryInfo(FullPath(path));
        if (!folder.Exists || !IsPlain(path)) return [];
        return
        [
            .. folder.EnumerateFileSystemInfos().Where(i => i.LinkTarget is null).OrderBy(i => i.Name, StringComparer.Ordinal)
                .Select(i => new ArtifactEntry(i.Name, i is FileInfo file ? file.Length : null)),
        ];
    }

    /// <summary>A file; <see langword="null"/> when there is none.</summary>
    public FileInfo? Find(ArtifactPath path)
    {
        var file = new FileInfo(FullPath(path));
        return path.Parts.Count > 0 && file.Exists && IsPlain(path) ? file : null;
    }

    /// <summary>Keeps a file, in place of one that is there.</summary>
    /// <returns>How many bytes it has.</returns>
    /// <exception cref="MlflowException">It is too large, or what is there is in its way.</exception>
    public async Task<long> WriteAsync(ArtifactPath path, Stream content, CancellationToken cancellationToken)
    {
        var target = FullPath(path);
        if (path.Parts.Count == 0 || !IsPlain(path) || Directory.Exists(target)) throw InTheWay(path);
        var part = Path.Combine(Directory.CreateDirectory(Path.Combine(_root, ArtifactFiles.Incoming)).FullName, Guid.NewGuid().ToString("N"));
        try
        {
            var bytes = await CopyAsync(content, part, cancellationToken);
            try
            {
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                File.Move(part, target, overwrite: true);
            }
            catch (IOException) when (Directory.Exists(target) || Blocked(path))
            {
                throw InTheWay(path);
            }
            catch (IOException e)
            {
                throw Refused(e);
            }
            return bytes;
        }
        finally
        {
            File.Delete(part);
        }
    }

    /// <summary>Deletes a file, or a folder with all that is in it.</summary>
    /// <returns>Whether there was one.</returns>
    public bool Delete(ArtifactPath path)
    {
        var target = FullPath(path);
        if (!IsPlain(path)) return false;
        if (File.Exists(target))
        {
            File.Delete(target);
            return true;
        }
        if (!Directory.Exists(target)) return false;
        Directory.Delete(target, recursive: true);
        return true;
    }

    private async Task<long> CopyAsync(Stream content, string file, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            var written = 0L;
            await using var target = Create(file);
            for (int read; (read = await content.ReadAsync(buffer, cancellationToken)) > 0; written += read)
            {
                if (written + read > settings.MaxArtifact) throw TooLarge();
                await AddAsync(target, buffer.AsMemory(0, read), cancellationToken);
            }
            return written;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static FileStream Create(string file)
    {
        try
        {
            return new(file, FileMode.CreateNew, FileAccess.Write, FileShare.None, 0, FileOptions.Asynchronous);
        }
        catch (IOException e)
        {
            throw Refused(e);
        }
    }

    private static async Task AddAsync(FileStream file, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        try
        {
            await file.WriteAsync(bytes, cancellationToken);
        }
        catch (IOException e)
        {
            throw Refused(e);
        }
    }

    /// <summary>The disk's own faults: other input and output is that of the database or of the client.</summary>
    private static Exception Refused(IOException exception) => exception is PathTooLongException
        ? MlflowException.Invalid("Invalid path: it is longer than the server's file system takes.")
        : new NoRoomException(exception);

    /// <summary>A file that has more bytes than are kept.</summary>
    public MlflowException TooLarge() => MlflowException.Invalid($"An artifact has at most {settings.MaxArtifact} bytes here. An operator can raise {Settings.MaxArtifactKey}.");

    /// <summary>Whether a run has files under an experiment.</summary>
    public bool Holds(long experiment, long run) => Directory.Exists(Path.Combine(_root, MlflowIds.Experiment(experiment), MlflowIds.Run(run)));

    private string FullPath(ArtifactPath path) => Path.Combine([FolderOf(path), "artifacts", .. path.Parts]);

    /// <summary>A run's folder: a run that was given to another sweep keeps its files where it began.</summary>
    private string FolderOf(ArtifactPath path)
    {
        var run = MlflowIds.Run(path.Run);
        var own = Path.Combine(_root, MlflowIds.Experiment(path.Experiment), run);
        if (Directory.Exists(own) || !Directory.Exists(_root)) return own;
        return Directory.EnumerateDirectories(_root).Select(e => Path.Combine(e, run)).FirstOrDefault(Directory.Exists) ?? own;
    }

    /// <summary>Whether nothing on the way is a link.</summary>
    private bool IsPlain(ArtifactPath path)
    {
        var place = FolderOf(path);
        if (new FileInfo(Path.GetDirectoryName(place)!).LinkTarget is not null) return false;
        foreach (var part in (string[])["", "artifacts", .. path.Parts])
        {
            place = Path.Combine(place, part);
            if (new FileInfo(place).LinkTarget is not null) return false;
        }
        return true;
    }

    /// <summary>Whether a file is where a folder would have to be.</summary>
    private bool Blocked(ArtifactPath path) =>
        Enumerable.Range(1, path.Parts.Count - 1).Any(n => File.Exists(FullPath(path with { Parts = [.. path.Parts.Take(n)] })));

    private static MlflowException InTheWay(ArtifactPath path) =>
        MlflowException.Invalid($"There is a folder, or a file in the place of a folder, where '{string.Join('/', path.Parts)}' would be.");
}
