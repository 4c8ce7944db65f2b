using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Tracker.Storage.Tests.Engine;

/// <summary>A node of the engine whose handler notes what it is handed, and holds it as long as the test wants.</summary>
internal sealed class EngineNode : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private readonly EngineUnderTest _engine;
    private readonly ServiceProvider _services;
    private readonly Handler _handler;
    private bool _vanished;
    private bool _stopped;

    private EngineNode(EngineUnderTest engine, ServiceProvider services)
    {
        (_engine, _services) = (engine, services);
        _handler = (Handler)services.GetRequiredService<IRunHandler>();
    }

    public IRunQueueHost Engine => _services.GetRequiredService<IRunQueueHost>();

    /// <summary>How many runs it executes at the moment.</summary>
    public int Executing => _handler.Held.Count;

    /// <summary>Starts a node.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="storage">The database.</param>
    /// <param name="name">The node's name.</param>
    /// <param name="lanes">What it serves.</param>
    /// <param name="hold">Whether runs are held until they are released; else they are done at once.</param>
    /// <param name="failures">How many times the handler fails at first.</param>
    public static async Task<EngineNode> StartAsync(
        EngineUnderTest engine, StorageFixture storage, string name, IReadOnlyDictionary<string, int> lanes, bool hold = false, int failures = 0)
    {
        var services = engine.AddNode<Handler>(storage.Services(), name, lanes).BuildServiceProvider();
        var node = new EngineNode(engine, services);
        node._handler.Hold = hold;
        node._handler.Failures = failures;
        await node.Engine.StartAsync(TestContext.Current.CancellationToken).WaitAsync(s_patience);
        return node;
    }

    /// <summary>The next runs that the engine hands out here.</summary>
    public async Task<IReadOnlyList<long>> TakeAsync(int count)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(s_patience);
        var taken = new List<long>();
        while (taken.Count < count) taken.Add(await _handler.Taken.Reader.ReadAsync(patience.Token));
        return taken;
    }

    /// <summary>What was handed out here and has not been taken by the test.</summary>
    public IReadOnlyList<long> Rest()
    {
        var rest = new List<long>();
        while (_handler.Taken.Reader.TryRead(out var run)) rest.Add(run);
        return rest;
    }

    /// <summary>Lets the handler return.</summary>
    public void Release(long runId) => _handler.Held[runId].SetResult();

    /// <summary>Takes no more runs, and waits until the engine has put away the last.</summary>
    public async Task StopAsync()
    {
        _stopped = true;
        await Engine.StopAsync(TestContext.Current.CancellationToken).WaitAsync(s_patience);
    }

    /// <summary>Cuts the node off from the database without a goodbye, as its death would.</summary>
    public async Task VanishAsync()
    {
        _vanished = true;
        await _services.GetRequiredService<NpgsqlDataSource>().DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var held in _handler.Held.Values) held.TrySetResult();
        if (_vanished) await _engine.AbandonAsync(_services);
        else if (!_stopped) await Engine.StopAsync(CancellationToken.None).WaitAsync(s_patience);
        await _services.DisposeAsync();
    }

    private sealed class Handler : IRunHandler
    {
        public Channel<long> Taken { get; } = Channel.CreateUnbounded<long>();

        public ConcurrentDictionary<long, TaskCompletionSource> Held { get; } = new();

        public bool Hold { get; set; }

        public int Failures { get; set; }

        public async Task ExecuteAsync(long runId, CancellationToken cancellationToken)
        {
            var held = Held[runId] = new(TaskCreationOptions.RunContinuationsAsynchronously);
            if (!Hold) held.SetResult();
            await Taken.Writer.WriteAsync(runId, CancellationToken.None);
            try
            {
                if (Failures-- > 0) throw new InvalidOperationException("The handler fails as the test wants.");
                await using var stop = cancellationToken.Register(() => held.TrySetResult());
                await held.Task;
            }
            finally
            {
                Held.TryRemove(runId, out _);
            }
        }
    }
}
