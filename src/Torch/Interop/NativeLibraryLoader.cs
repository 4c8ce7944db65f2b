using System.Reflection;
using System.Runtime.InteropServices;

namespace TorchSharp.Interop;

/// <summary>Finds libtracker_torch.so beside the assembly and says in one sentence what is missing when it cannot be loaded.</summary>
internal static partial class NativeLibraryLoader
{
    internal const string Name = "tracker_torch";
    private const string FileName = "libtracker_torch.so";

    internal static void Register() => NativeLibrary.SetDllImportResolver(typeof(NativeLibraryLoader).Assembly, Resolve);

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? searchPath)
    {
        if (name != Name)
            return 0;
        string beside = Path.Combine(AppContext.BaseDirectory, FileName);
        string inRuntimes = Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native", FileName);
        string path = File.Exists(beside) || !File.Exists(inRuntimes) ? beside : inRuntimes;
        return Load(path);
    }

    /// <summary>Loads the library at <paramref name="path"/>.</summary>
    /// <exception cref="DllNotFoundException">The file or a library it needs is missing.</exception>
    internal static nint Load(string path)
    {
        if (!File.Exists(path))
            throw new DllNotFoundException($"The tensor library {path} is missing: build src/Torch on this machine, or copy {FileName} beside the program.");
        SleepWhileWaiting();
        try
        {
            return NativeLibrary.Load(path);
        }
        catch (DllNotFoundException e)
        {
            // The runtime's text is a general sentence, then a line of the loader's for each attempt.
            string[] lines = e.Message.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            string reason = lines.Length > 1 ? lines[1] : lines[0];
            throw new DllNotFoundException($"The tensor library {path} cannot be loaded; install libtorch (apt-get install libtorch-dev libopenblas0-openmp) or rebuild with LIBTORCH set to the one to use: {reason}", e);
        }
    }

    /// <summary>
    /// Lets OpenMP's threads sleep while they wait, unless the environment says otherwise. Spinning, which is its default, wins
    /// a little on an idle machine, but as soon as other processes want the cores, threads spin while the one they wait for has
    /// no core: steps of a small network took 50 times as long. OpenMP reads the variable when it is loaded, and from C's
    /// environment, which .NET's own SetEnvironmentVariable does not change.
    /// </summary>
    private static void SleepWhileWaiting() => setenv("OMP_WAIT_POLICY", "PASSIVE", overwrite: 0);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int setenv(string name, string value, int overwrite);
}
