using System.Diagnostics;
using System.Globalization;

namespace Tracker.Benchmarks;

/// <summary>A process that was run to its end.</summary>
/// <param name="Output">What it wrote.</param>
/// <param name="Elapsed">How long it took, start included.</param>
/// <param name="PeakBytes">Largest resident memory, as the kernel tells it (VmHWM).</param>
internal sealed record MeasuredProcess(string Output, TimeSpan Elapsed, long PeakBytes)
{
    private static readonly TimeSpan s_pace = TimeSpan.FromMilliseconds(20);

    public static async Task<MeasuredProcess> RunAsync(string file, params string[] arguments)
    {
        var start = new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        var clock = Stopwatch.StartNew();
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{file} did not start.");
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        var peak = 0L;
        // The kernel keeps the maximum but forgets it with the process: the last look before the end counts.
        using var timer = new PeriodicTimer(s_pace);
        while (!process.HasExited)
        {
            peak = Math.Max(peak, PeakOf(process.Id));
            await timer.WaitForNextTickAsync();
        }
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{file} {string.Join(' ', arguments)} ended with {process.ExitCode}: {await errors}");
        return new(await output, clock.Elapsed, peak);
    }

    private static long PeakOf(int processId)
    {
        try
        {
            var line = File.ReadLines($"/proc/{processId}/status").FirstOrDefault(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null ? 0 : long.Parse(line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
        }
        catch (IOException)
        {
            // It ended between two looks.
            return 0;
        }
    }
}
