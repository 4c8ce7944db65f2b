using Tracker.Storage;

namespace Tracker.Jobs.Tests.Fakes;

/// <summary>A register that only takes registrations.</summary>
internal sealed class FakeHosts : IHosts
{
    /// <summary>Why a registration is refused, if it is.</summary>
    public Func<HostRegistration, HostNameTakenException?> TakenBy { get; set; } = _ => null;

    public Task<long> RegisterAsync(HostRegistration registration, CancellationToken cancellationToken) =>
        TakenBy(registration) is { } taken ? Task.FromException<long>(taken) : Task.FromResult(1L);

    public Task<HeartbeatReply> HeartbeatAsync(long hostId, string instance, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task StoppedAsync(long hostId, string instance, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<HostView>> ListAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<bool> SetDrainAsync(long hostId, bool drain, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<bool> RemoveAsync(long hostId, CancellationToken cancellationToken) => throw new NotSupportedException();
}
