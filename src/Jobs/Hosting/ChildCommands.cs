using System.Globalization;
using Tracker.Jobs.Child;
using Tracker.Jobs.Supervision;
using Tracker.Storage;

namespace Tracker.Jobs.Hosting;

/// <summary>Makes the command that trains an attempt: this same executable.</summary>
internal sealed class ChildCommands(string dataDirectory, int threads, TimeSpan checkpointInterval, bool mayDownload)
{
    /// <summary>The command for one attempt.</summary>
    public ChildCommand For(StartedAttempt started)
    {
        var count = threads.ToString(CultureInfo.InvariantCulture);
        var (fileName, arguments) = SelfCommand.For(
            "train", "--run", $"{started.RunId}", "--attempt", $"{started.Attempt}", "--device", started.Device, "--threads", count,
            "--parent", $"{Environment.ProcessId}");
        return new(fileName, arguments, EnvironmentFor(count), new ChildOrder(started, dataDirectory, checkpointInterval, mayDownload).ToLine());
    }

    private static Dictionary<string, string> EnvironmentFor(string threads) => new()
    {
        ["OMP_NUM_THREADS"] = threads,
        ["MKL_NUM_THREADS"] = threads,
        ["OPENBLAS_NUM_THREADS"] = threads,
        // Fixed workspaces: without them cuBLAS may choose another order of summation from one start to the next.
        ["CUBLAS_WORKSPACE_CONFIG"] = ":4096:8",
    };
}
