using System.Diagnostics;

namespace Tracker.Jobs.Devices;

/// <summary>A processor: what runs on the CPU share.</summary>
internal sealed record Processor(string Model, int Cores, long MemoryBytes);

/// <summary>
/// What this machine has. The GPUs are asked of the driver's <c>nvidia-smi</c>, not of libtorch: loading it would cost the host
/// process some hundred megabytes for as long as it lives.
/// </summary>
internal static class Machine
{
    private const string CpuInfo = "/proc/cpuinfo";
    private const string VisibleVariable = "CUDA_VISIBLE_DEVICES";
    private static readonly TimeSpan s_answerLimit = TimeSpan.FromSeconds(30);

    /// <summary>The processor, within the limits of the control group.</summary>
    public static Processor Processor() => new(
        File.Exists(CpuInfo) ? ModelOf(File.ReadLines(CpuInfo)) : "unknown",
        Environment.ProcessorCount, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);

    /// <summary>The GPUs, and the parts of divided ones, that this process and its children may use; none when there is no driver.</summary>
    /// <exception cref="TimeoutException">The driver does not answer.</exception>
    public static async Task<IReadOnlyList<Gpu>> GpusAsync(CancellationToken cancellationToken)
    {
        var program = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(p => Path.Combine(p, "nvidia-smi")).FirstOrDefault(File.Exists);
        if (program is null) return [];
        var gpus = GpuList.Read(await AskAsync(program, GpuList.Query, cancellationToken));
        if (gpus.Count == 0) return gpus;
        var divided = GpuList.Divide(gpus, await AskAsync(program, GpuList.QueryParts, cancellationToken));
        return GpuList.Visible(divided, Environment.GetEnvironmentVariable(VisibleVariable));
    }

    /// <summary>The variables with which a process sees one GPU alone, as its first.</summary>
    public static IReadOnlyDictionary<string, string> Only(Gpu gpu) => new Dictionary<string, string> { [VisibleVariable] = gpu.Id };

    /// <summary>How many GPUs libtorch can use, as a process of its own finds out.</summary>
    /// <param name="fileName">The executable to ask.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="TimeoutException">There is no answer.</exception>
    public static async Task<int> UsableGpusAsync(string fileName, IReadOnlyList<string> arguments, CancellationToken cancellationToken) =>
        int.TryParse(await AskAsync(fileName, arguments, cancellationToken), out var count) ? count : 0;

    /// <summary>What a program prints; nothing when it fails.</summary>
    private static async Task<string> AskAsync(string program, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var info = new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(info) ?? throw new InvalidOperationException($"'{program}' was not started.");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(s_answerLimit);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var errors = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            await errors;
            return process.ExitCode == 0 ? await output : "";
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            process.Kill();
            throw new TimeoutException($"'{program}' did not answer within {s_answerLimit.TotalSeconds:0} s. Repair the driver, or start the host with --cuda-slots 0.", e);
        }
    }

    internal static string ModelOf(IEnumerable<string> cpuInfo) =>
        cpuInfo.Select(l => l.Split(':', 2)).Where(p => p.Length == 2 && p[0].Trim() is "model name" or "Model").Select(p => p[1].Trim()).FirstOrDefault() ?? "unknown";
}
