using System.Globalization;
using Tracker.Jobs.Child;
using Tracker.Jobs.Devices;
using Tracker.Jobs.Supervision;
using Tracker.Storage;

namespace Tracker.Jobs.Hosting;

/// <summary>Makes the command that trains an attempt: this same executable.</summary>
internal sealed class ChildCommands(string dataDirectory, SlotPlan plan, TimeSpan checkpointInterval, bool mayDownload)
{
    /// <summary>The only GPU that a child sees is its first.</summary>
    private const string OnlyGpu = "cuda:0";

    /// <summary>The command for one attempt.</summary>
    public ChildCommand For(StartedAttempt started)
    {
        var count = plan.Threads.ToString(CultureInfo.InvariantCulture);
        var gpu = plan.Environments.GetValueOrDefault(started.Device);
        var (fileName, arguments) = SelfCommand.For(
            "train", "--run", $"{started.RunId}", "--attempt", $"{started.Attempt}", "--device", gpu is null ? started.Device : OnlyGpu, "--threads", count,
            "--parent", $"{Environment.ProcessId}");
        return new(fileName, arguments, EnvironmentFor(count, gpu), new ChildOrder(started, dataDirectory, checkpointInterval, mayDownload).ToLine());
    }

    private static Dictionary<string, string> EnvironmentFor(string threads, IReadOnlyDictionary<string, string>? gpu) => new(gpu ?? new Dictionary<string, string>())
    {
        ["OMP_NUM_THREADS"] = threads,
        ["MKL_NUM_THREADS"] = threads,
        ["OPENBLAS_NUM_THREADS"] = threads,
        // Fixed workspaces: without them cuBLAS may choose another order of summation from one start to the next.
        ["CUBLAS_WORKSPACE_CONFIG"] = ":4096:8",
    };
}
