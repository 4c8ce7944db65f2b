using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using Tracker.Storage;
using Tracker.Web.Identity;
using Tracker.Web.Live;

namespace Tracker.Web.Tests.Live;

public sealed class ChangeListenerTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task After_a_loss_it_listens_again_and_tells_everyone_to_load_anew()
    {
        var hub = new LiveHub(TimeProvider.System, NullLogger<LiveHub>.Instance);
        var status = new LiveStatus(TimeProvider.System);
        var accounts = new AccountRegister((_, _) => Task.FromResult<AccountState?>(null), TimeProvider.System);
        var changes = new BreakableChanges();
        var told = new SemaphoreSlim(0);
        using var subscription = hub.Subscribe(_ => false, _ => Task.FromResult(told.Release()), TimeSpan.Zero);
        using var listener = new ChangeListener(changes, hub, status, accounts, TimeProvider.System, NullLogger<ChangeListener>.Instance);

        await listener.StartAsync(CancellationToken.None);
        (await told.WaitAsync(Patience)).ShouldBeTrue();
        status.Listening.ShouldBeTrue();

        changes.Break();
        (await told.WaitAsync(Patience)).ShouldBeTrue();
        changes.Listeners.ShouldBe(2);
        status.Listening.ShouldBeTrue();
        await listener.StopAsync(CancellationToken.None).WaitAsync(Patience);
    }

    private sealed class BreakableChanges : IChanges
    {
        private Channel<Change> _channel = Channel.CreateUnbounded<Change>();

        public int Listeners { get; private set; }

        public void Break() => Interlocked.Exchange(ref _channel, Channel.CreateUnbounded<Change>()).Writer.Complete(new IOException("the connection is gone"));

        public async IAsyncEnumerable<Change> ListenAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            Listeners++;
            await foreach (var change in _channel.Reader.ReadAllAsync(cancellationToken))
                yield return change;
        }
    }
}
