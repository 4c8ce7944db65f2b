using System.Runtime.InteropServices;
using Microsoft.Extensions.DependencyInjection;
using Tracker.Jobs.Configuration;
using Tracker.Jobs.Data;
using Tracker.Storage;

namespace Tracker.Jobs.Child;

/// <summary>The entry point of a child process.</summary>
internal static class ChildMain
{
    private const int Unusable = 1;

    /// <summary>Trains the attempt that the host names on the command line and describes on standard input.</summary>
    public static async Task<int> RunAsync(int parent, long runId, int attempt, string device, int threads)
    {
        ParentWatch.Start(parent);
        using var stop = new CancellationTokenSource();
        using var onTerminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
        {
            context.Cancel = true;
            stop.Cancel();
        });
        // Ctrl-C in a terminal reaches the whole process group; it is the host's to decide.
        using var onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => context.Cancel = true);

        var line = await Console.In.ReadLineAsync(CancellationToken.None);
        if (line is null) return Unusable;
        ParentWatch.FollowInput(Console.In);
        var order = ChildOrder.Parse(line);
        if (order.Started.RunId != runId || order.Started.Attempt != attempt)
        {
            Say($"The order is for run {order.Started.RunId}, attempt {order.Started.Attempt}, the command line for run {runId}, attempt {attempt}.");
            return Unusable;
        }
        if (Environment.GetEnvironmentVariable(HostSettings.DatabaseVariable) is not { Length: > 0 } connectionString)
        {
            Say($"{HostSettings.DatabaseVariable} is not set.");
            return Unusable;
        }
        var code = await TrainAsync(order, connectionString, device, threads, stop.Token);
        // All is recorded, and the device is wanted: without this, the ends of runtime and libtorch take a tenth of a second more.
        Supervision.NativeProcess.ExitNow(code);
        return code;
    }

    private static async Task<int> TrainAsync(ChildOrder order, string connectionString, string device, int threads, CancellationToken stop)
    {
        using var telemetry = ChildTelemetry.Start(order.Started.RunId, order.Started.Attempt, Say);
        Action<string> say = telemetry is null ? Say : telemetry.Say;
        await using var services = new ServiceCollection().AddRunRecording(connectionString).BuildServiceProvider();
        var trainer = new PreparingTrainer(new TorchTrainer(), new(DatasetPackages.Find, DownloadLimits.Default, TimeProvider.System));
        var child = new ChildProcess(
            services.GetRequiredService<IAttempts>(), services.GetRequiredService<IRunWriter>(), trainer, TimeProvider.System, say,
            Supervision.NativeProcess.ExitNow);
        return await child.RunAsync(order, device, threads, stop);
    }

    private static void Say(string text) => Console.Error.WriteLine(text);
}
