using System.Threading.Channels;
using Tracker.Domain;
using Tracker.Storage.Database;

namespace Tracker.Storage.Tests;

public class ChangesTests(StorageFixture storage) : IClassFixture<StorageFixture>
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whoever_listens_hears_of_sweeps_runs_wishes_logs_and_hosts()
    {
        await using var listener = await Listener.StartAsync(storage);
        var (sweep, runs) = await storage.SubmitAsync(SweepsToTest.Next());
        await listener.HearAsync(new(ChangeKind.Sweep, sweep, null));
        var host = await storage.RegisterHostAsync("heard");
        await listener.HearAsync(new(ChangeKind.Host, host, null));
        var attempt = await storage.StartAsync(runs[0], host);
        await listener.HearAsync(new(ChangeKind.Run, runs[0], sweep));
        await storage.Writer.AppendLogAsync(runs[0], attempt.Attempt, [new(1, 1, DateTimeOffset.UnixEpoch, EventLevel.Info, "hello")], Token);
        await listener.HearAsync(new(ChangeKind.Log, runs[0], sweep));
        await storage.Runs.PauseAsync(runs[0], Token);
        await listener.HearAsync(new(ChangeKind.Wish, runs[0], sweep));
    }

    [Fact]
    public async Task A_verb_on_a_large_sweep_tells_of_every_run()
    {
        var (sweep, runs) = await storage.SubmitAsync(SweepsToTest.Next(seeds: 700));
        await using var listener = await Listener.StartAsync(storage);
        await storage.Sweeps.CancelAsync(sweep, Token);
        var heard = new HashSet<long>();
        while (heard.Count < runs.Count)
        {
            var change = await listener.NextAsync();
            if (change.Kind == ChangeKind.Run) heard.Add(change.Id);
        }
        heard.ShouldBe(runs, ignoreOrder: true);
    }

    [Fact]
    public void Changes_are_read_as_they_were_written_and_fit_into_a_notification()
    {
        var changes = Enumerable.Range(0, 1000).Select(i => new Change(ChangeKind.Run, long.MaxValue - i, long.MaxValue))
            .Append(new(ChangeKind.Host, 3, null)).ToList();
        var payloads = ChangeCoding.Write(changes).ToList();
        payloads.ShouldAllBe(p => p.Length < 8000);
        payloads.SelectMany(ChangeCoding.Read).ShouldBe(changes, ignoreOrder: true);
        Should.Throw<FormatException>(() => ChangeCoding.Read("nonsense"));
    }

    /// <summary>Listens in the background, from a moment at which the connection is known to listen.</summary>
    private sealed class Listener : IAsyncDisposable
    {
        private readonly Channel<Change> _heard = Channel.CreateUnbounded<Change>();
        private readonly CancellationTokenSource _stop = new();
        private Task _listening = Task.CompletedTask;

        public static async Task<Listener> StartAsync(StorageFixture storage)
        {
            var listener = new Listener();
            listener._listening = listener.ListenAsync(storage.Get<IChanges>());
            while (!listener._heard.Reader.TryPeek(out _)) await storage.RegisterHostAsync("knocks");
            return listener;
        }

        public async Task HearAsync(Change expected)
        {
            while (await NextAsync() != expected) { }
        }

        public async Task<Change> NextAsync() => await _heard.Reader.ReadAsync(Token).AsTask().WaitAsync(s_patience, Token);

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _listening;
            _stop.Dispose();
        }

        private async Task ListenAsync(IChanges changes)
        {
            try
            {
                await foreach (var change in changes.ListenAsync(_stop.Token)) await _heard.Writer.WriteAsync(change, _stop.Token);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                _heard.Writer.Complete();
            }
        }
    }
}
