using Tracker.Domain;

namespace Tracker.Storage;

/// <summary>A device of a host.</summary>
/// <param name="Class">Cpu or Cuda.</param>
/// <param name="Name">The name that runs are started with, such as <c>cpu</c> or <c>cuda:0</c>.</param>
/// <param name="Model">What it is, such as <c>NVIDIA H100</c> or the processor's name.</param>
/// <param name="MemoryBytes">Its memory.</param>
/// <param name="Cores">Cores, for a CPU.</param>
/// <param name="Slots">How many runs it takes at once.</param>
public sealed record HostDevice(DeviceClass Class, string Name, string Model, long MemoryBytes, int Cores, int Slots);

/// <summary>What a host tells of itself when it starts.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Version">Version of the product.</param>
/// <param name="ProcessId">Its process.</param>
/// <param name="Devices">Its devices.</param>
/// <param name="Labels">What runs may ask for.</param>
public sealed record HostRegistration(string Name, string Version, int ProcessId, IReadOnlyList<HostDevice> Devices, IReadOnlyList<string> Labels);

/// <summary>The register of job hosts.</summary>
public interface IHosts
{
    /// <summary>
    /// Registers a host under its name; a host that starts again keeps its id. What its former process held is over: those attempts are
    /// recorded as lost, and the runs wait again.
    /// </summary>
    Task<long> RegisterAsync(HostRegistration registration, CancellationToken cancellationToken);

    /// <summary>Tells that a host lives, and reads whether it should drain.</summary>
    Task<bool> HeartbeatAsync(long hostId, CancellationToken cancellationToken);

    /// <summary>Records an orderly end.</summary>
    Task StoppedAsync(long hostId, CancellationToken cancellationToken);

    /// <summary>All hosts with their devices, runs and heartbeat.</summary>
    Task<IReadOnlyList<HostView>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Asks a host to take no more runs and put its present ones back (<paramref name="drain"/>), or to take runs again. False when there is no such host.</summary>
    Task<bool> SetDrainAsync(long hostId, bool drain, CancellationToken cancellationToken);

    /// <summary>
    /// Forgets a host that has ended or is lost; its past attempts still name it. It is listed again when it starts again. False when there
    /// is no such host. Refused (<see cref="InvalidOperationException"/>) while it is heard of or runs are recorded as its own.
    /// </summary>
    Task<bool> RemoveAsync(long hostId, CancellationToken cancellationToken);
}
