using Microsoft.Extensions.Configuration;
using System.Runtime.InteropServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Tracker.Jobs.Commands;
using Tracker.Jobs.Configuration;
using Tracker.Jobs.Database;
using Tracker.Jobs.Devices;
using Tracker.Jobs.Supervision;
using Tracker.Storage;
using Tracker.Telemetry;

namespace Tracker.Jobs.Hosting;

/// <summary>A job host from start to end.</summary>
internal static class JobHost
{
    private const int NotStarted = 1;
    private const int Unrecorded = 1;

    /// <summary>Ten seconds of grace for the children, and time to record their ends.</summary>
    private static readonly TimeSpan s_shutdownLimit = TimeSpan.FromSeconds(25);
    private static readonly TimeSpan s_farewellLimit = TimeSpan.FromSeconds(5);

    /// <summary>Runs until told to end, by SIGTERM or Ctrl-C; whatever of these follows changes nothing.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(HostSettings settings, CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var onTerminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        using var onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        try
        {
            return await StartAsync(settings, end.Token);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            Say($"Job host '{settings.Name}' has ended before it took runs.");
            return 0;
        }

        void End(PosixSignalContext context)
        {
            context.Cancel = true;
            end.Cancel();
        }
    }

    private static async Task<int> StartAsync(HostSettings settings, CancellationToken cancellationToken)
    {
        using var claim = NameClaim.Take(settings.DataDirectory, settings.Name);
        if (claim is null) return Fail($"A job host named '{settings.Name}' is already running on '{settings.DataDirectory}'. Give this one another --name, or end the other.");
        if (await DatabaseGate.WaitAsync(settings.ConnectionString, settings.Wait, TimeProvider.System, Say, cancellationToken) is { } fault) return Fail(fault);
        IReadOnlyList<Gpu> gpus;
        try
        {
            gpus = settings.Slots.CudaSlots == 0 ? [] : await FindGpusAsync(cancellationToken);
        }
        catch (TimeoutException e)
        {
            return Fail(e.Message);
        }
        var plan = SlotPlan.For(Machine.Processor(), gpus, settings.Slots);
        if (plan.Devices.Count == 0) return Fail("This machine has no GPU that can be used, and the CPU is given no slots: raise --cpu-slots.");
        return await OfferAsync(settings, plan, cancellationToken);
    }

    private static async Task<IReadOnlyList<Gpu>> FindGpusAsync(CancellationToken cancellationToken)
    {
        var gpus = await Machine.GpusAsync(cancellationToken);
        if (gpus.Count == 0) return gpus;
        var (fileName, arguments) = SelfCommand.For(DevicesCommand.Name);
        var usable = await Machine.UsableGpusAsync(fileName, arguments, cancellationToken);
        // Of parts of GPUs CUDA shows a process one; the others are like it.
        if (usable > 0 && gpus.Any(g => g.Part is not null)) return gpus;
        if (usable < gpus.Count) Say($"libtorch can use {usable} of {gpus.Count} GPUs. For the others it must be one with CUDA: set LIBTORCH.");
        return [.. gpus.Take(usable)];
    }

    private static async Task<int> OfferAsync(HostSettings settings, SlotPlan plan, CancellationToken cancellationToken)
    {
        HostIdentity? identity = null;
        using var host = Build(settings, plan, () => identity ?? throw new InvalidOperationException("The host is not registered yet."));
        try
        {
            identity = await RegisterAsync(host.Services, settings, plan, cancellationToken);
        }
        catch (Exception e) when (e is SchemaException or HostNameTakenException || DatabaseFaults.IsTemporary(e))
        {
            return Fail(e is SchemaException or HostNameTakenException ? e.Message : $"Postgres went away during the start: {DatabaseFaults.Reason(e)}.");
        }
        Say($"Job host '{settings.Name}' offers {string.Join(", ", plan.Devices.Select(d => $"{d.Slots} x {d.Name} ({d.Model})"))}, {plan.Threads} threads a run{(settings.Labels.Count == 0 ? "" : $", labels {string.Join(", ", settings.Labels)}")}.");
        return await ServeAsync(host, identity, cancellationToken);
    }

    private static async Task<HostIdentity> RegisterAsync(IServiceProvider services, HostSettings settings, SlotPlan plan, CancellationToken cancellationToken)
    {
        await services.GetRequiredService<SchemaGuard>().WaitAsync(
            settings.Wait, reason => Say($"{reason} Waiting up to {settings.Wait.TotalSeconds:0} s for that."), cancellationToken);
        var own = HostInstance.Own();
        var registration = new HostRegistration(settings.Name, Product.Version, Environment.ProcessId, plan.Devices, settings.Labels)
        {
            Machine = Environment.MachineName, MachineId = own.Machine,
        };
        return await new HostEntry(services.GetRequiredService<IHosts>(), TimeProvider.System, Say).RegisterAsync(registration, own, cancellationToken);
    }

    private static async Task<int> ServeAsync(IHost host, HostIdentity identity, CancellationToken cancellationToken)
    {
        try
        {
            // Not broken off by a request to end: that is carried out in order, as any later one.
            await host.StartAsync(CancellationToken.None);
            await host.WaitForShutdownAsync(cancellationToken);
        }
        catch (Exception e) when (e is OperationCanceledException or AggregateException)
        {
            Say($"Not everything could be recorded within {s_shutdownLimit.TotalSeconds:0} s ({DatabaseFaults.Reason(e)}); other hosts take over the runs that were here.");
            // Not by the ordinary way out: the job engine would wait there for Postgres once more.
            NativeProcess.ExitNow(Unrecorded);
        }
        await SayGoodbyeAsync(host.Services.GetRequiredService<IHosts>(), identity);
        return host.Services.GetServices<IHostedService>().OfType<BackgroundService>().Any(s => s.ExecuteTask is { IsFaulted: true }) ? Unrecorded : 0;
    }

    private static IHost Build(HostSettings settings, SlotPlan plan, Func<HostIdentity> identity)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new() { ApplicationName = Product.Name });
        var telemetry = TelemetryTarget.Read("tracker-host", settings.Name, Environment.GetEnvironmentVariable);
        // The exporter of log lines finds the standard variables in the configuration, which is empty otherwise.
        if (telemetry.Logs) builder.Configuration.AddEnvironmentVariables();
        builder.Logging.AddConsoleLog(settings.JsonLog).AddTelemetry(telemetry);
        // The engine would tell each of its tries during an outage, with stack traces; the heartbeat tells the outage once.
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning).AddFilter("Quartz", LogLevel.Critical);
        var services = builder.Services;
        services.AddTelemetry(telemetry, "Npgsql");
        services.Configure<HostOptions>(o => o.ShutdownTimeout = s_shutdownLimit);
        // The host's own signals are RunAsync's, from before the registration on.
        services.AddSingleton<IHostLifetime, SilentLifetime>();
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(_ => identity());
        services.AddSingleton(new ChildCommands(settings.DataDirectory, plan, settings.CheckpointInterval, settings.Downloads));
        services.AddSingleton<ProcessStarter>();
        services.AddSingleton(new ChildRecords(settings.DataDirectory, settings.Name));
        services.AddSingleton(HostEnd.OfProcess(Say));
        services.AddSingleton(SupervisorOptions.Default);
        services.AddSingleton<ActiveRuns>();
        services.AddSingleton<DatabaseNotices>();
        services.AddSingleton(s => new DatabaseRetry(s.GetRequiredService<TimeProvider>(), s.GetRequiredService<DatabaseNotices>().Tell));
        services.AddSingleton<Supervisor>();
        services.AddTrackerStorage(settings.ConnectionString);
        services.AddRunQueueHost<RunHandler>(settings.Name, new Dictionary<string, int> { [settings.Name] = plan.Devices.Sum(d => d.Slots) });
        services.AddQueueUpkeep();
        // Services stop in the reverse of this order: first what fetches runs, then the engine's node, which waits for its runs, last the heartbeat.
        services.AddHostedService<Heartbeat>();
        services.AddSingleton<ChildUpkeep>();
        services.AddHostedService(s => s.GetRequiredService<ChildUpkeep>());
        services.AddHostedService<WishWatcher>();
        services.AddSingleton(RunFolders.Of(settings.DataDirectory));
        services.AddHostedService<CheckpointUpkeep>();
        services.AddSingleton<QueueNode>();
        services.AddHostedService(s => s.GetRequiredService<QueueNode>());
        services.AddSingleton<SlotFiller>();
        services.AddHostedService(s => s.GetRequiredService<SlotFiller>());
        return builder.Build();
    }

    /// <summary>Tells that the end was in order; without it the host merely counts as lost a little later.</summary>
    private static async Task SayGoodbyeAsync(IHosts hosts, HostIdentity identity)
    {
        try
        {
            using var limit = new CancellationTokenSource(s_farewellLimit);
            await hosts.StoppedAsync(identity.Id, identity.Instance, limit.Token);
            Say($"Job host '{identity.Name}' has ended.");
        }
        catch (Exception e) when (e is OperationCanceledException || DatabaseFaults.IsTemporary(e))
        {
            Say($"Job host '{identity.Name}' has ended, but Postgres could not be told: {DatabaseFaults.Reason(e)}.");
        }
    }

    private static int Fail(string text)
    {
        Console.Error.WriteLine(text);
        return NotStarted;
    }

    private static void Say(string text) => Console.Error.WriteLine(text);
}
