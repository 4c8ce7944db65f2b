using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Tracker.Storage.JobEngine.QuartzAdapter;

namespace Tracker.Storage.Tests;

/// <summary>A job host whose handler only notes what it is handed, and holds it as long as the test wants.</summary>
internal sealed class TestHost : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private readonly ServiceProvider _services;
    private readonly Handler _handler;
    private IReadOnlyList<IHostedService> _upkeep = [];
    private bool _vanished;
    private bool _stopped;

    private TestHost(ServiceProvider services, Handler handler) => (_services, _handler) = (services, handler);

    public IRunQueueHost Engine => _services.GetRequiredService<IRunQueueHost>();

    public int Executing => _handler.Held.Count;

    public static async Task<TestHost> StartAsync(StorageFixture storage, string name, IReadOnlyDictionary<string, int> lanes, bool hold = false, int failures = 0, Func<long, Task>? execute = null, bool upkeep = false)
    {
        var services = storage.Services().AddRunQueueHost<Handler>(name, lanes).AddQueueUpkeep().BuildServiceProvider();
        var host = new TestHost(services, (Handler)services.GetRequiredService<IRunHandler>());
        host._handler.Hold = hold;
        host._handler.Failures = failures;
        host._handler.Execute = execute;
        host._upkeep = upkeep ? services.GetServices<IHostedService>().ToList() : [];
        foreach (var service in host._upkeep) await service.StartAsync(TestContext.Current.CancellationToken);
        await host.Engine.StartAsync(TestContext.Current.CancellationToken);
        return host;
    }

    /// <summary>The next runs that the engine hands out.</summary>
    public async Task<IReadOnlyList<long>> TakeAsync(int count)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(s_patience);
        var taken = new List<long>();
        while (taken.Count < count) taken.Add(await _handler.Taken.Reader.ReadAsync(patience.Token));
        return taken;
    }

    /// <summary>Takes no more runs and waits until the engine has put away the last.</summary>
    public async Task IdleAsync()
    {
        _stopped = true;
        await Engine.StopAsync(TestContext.Current.CancellationToken).WaitAsync(s_patience);
    }

    public void Release(long runId) => _handler.Held[runId].SetResult();

    /// <summary>Cuts the host off from the database without a goodbye, as its death would.</summary>
    public async Task VanishAsync()
    {
        _vanished = true;
        await _services.GetRequiredService<NpgsqlDataSource>().DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var service in _upkeep) await service.StopAsync(CancellationToken.None);
        foreach (var held in _handler.Held.Values) held.TrySetResult();
        if (_vanished) await (await _services.GetRequiredService<QuartzScheduler>().GetAsync(default)).Shutdown(waitForJobsToComplete: false);
        else if (!_stopped) await Engine.StopAsync(CancellationToken.None).WaitAsync(s_patience);
        await _services.DisposeAsync();
    }

    private sealed class Handler : IRunHandler
    {
        public Channel<long> Taken { get; } = Channel.CreateUnbounded<long>();

        public ConcurrentDictionary<long, TaskCompletionSource> Held { get; } = new();

        public bool Hold { get; set; }

        public int Failures { get; set; }

        public Func<long, Task>? Execute { get; set; }

        public async Task ExecuteAsync(long runId, CancellationToken cancellationToken)
        {
            var held = Held[runId] = new(TaskCreationOptions.RunContinuationsAsynchronously);
            if (!Hold) held.SetResult();
            await Taken.Writer.WriteAsync(runId, CancellationToken.None);
            if (Failures-- > 0) throw new InvalidOperationException("The handler fails as the test wants.");
            if (Execute is not null) await Execute(runId);
            await using var stop = cancellationToken.Register(() => held.TrySetResult());
            await held.Task;
            Held.TryRemove(runId, out _);
        }
    }
}
