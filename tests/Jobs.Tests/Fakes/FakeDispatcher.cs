using System.Threading.Channels;
using Tracker.Storage;

namespace Tracker.Jobs.Tests.Fakes;

/// <summary>Has no runs to give, and no engine that would take any; tells when it is asked.</summary>
internal sealed class FakeDispatcher : IDispatcher, IRunQueueHost
{
    private readonly Channel<long> _fills = Channel.CreateUnbounded<long>();

    /// <summary>What the next fills throw.</summary>
    public Exception? Refusal { get; set; }

    /// <summary>Waits for the next fill.</summary>
    public Task NextFillAsync() => _fills.Reader.ReadAsync().AsTask().WaitAsync(TestLimits.Wait);

    public Task<int> FillAsync(long hostId, CancellationToken cancellationToken)
    {
        _fills.Writer.TryWrite(hostId);
        return Refusal is { } refusal ? Task.FromException<int>(refusal) : Task.FromResult(0);
    }

    public Task<int> TakeBackAsync(long hostId, CancellationToken cancellationToken) => Task.FromResult(0);

    public Task<int> RecoverAsync(Func<DateTimeOffset, bool> inContact, CancellationToken cancellationToken) => Task.FromResult(0);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task NudgeAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task DrainAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task ResumeAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
