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
public sealed record HostRegistration(string Name, string Version, int ProcessId, IReadOnlyList<HostDevice> Devices, IReadOnlyList<string> Labels)
{
    /// <summary>The machine's name.</summary>
    public string Machine { get; init; } = "";

    /// <summary>What no other machine has: hosts of one machine have its devices in common. Empty where that is not known.</summary>
    public string MachineId { get; init; } = "";

    /// <summary>The process, in a form that no other process of any machine ever has.</summary>
    public string Instance { get; init; } = "";

    /// <summary>An instance that has the name and is known to be dead, although it was heard of just now.</summary>
    public string? Replaces { get; init; }
}

/// <summary>A host's name is that of another process, which was heard of a moment ago.</summary>
public sealed class HostNameTakenException : Exception
{
    /// <summary>Creates the exception.</summary>
    public HostNameTakenException(string name, string machine, int processId, string instance, DateTimeOffset heartbeatAt)
        : base($"A job host named '{name}' is up{(machine.Length == 0 ? "" : $" on machine '{machine}'")}, process {processId}. Give this one another --name, or end the other.") =>
        (Instance, HeartbeatAt) = (instance, heartbeatAt);

    /// <summary>The process that has the name.</summary>
    public string Instance { get; }

    /// <summary>When it was last heard of.</summary>
    public DateTimeOffset HeartbeatAt { get; }
}

/// <summary>Another process has taken over the name of a host that was not heard of for too long. The host must end without writing anything more.</summary>
public sealed class HostReplacedException : Exception
{
    /// <summary>Creates the exception.</summary>
    public HostReplacedException(string name, string machine, int processId)
        : base($"Job host '{name}' was not heard of for too long, and its name was taken over by process {processId} of machine '{machine}'.")
    {
    }
}

/// <summary>What a host is told when it tells that it lives.</summary>
/// <param name="Drain">Whether it should drain.</param>
/// <param name="Silence">For how long it had not been heard of before: past <see cref="HostView.LostAfter"/>, others may have taken its runs.</param>
public readonly record struct HeartbeatReply(bool Drain, TimeSpan Silence);

/// <summary>The register of job hosts.</summary>
public interface IHosts
{
    /// <summary>
    /// Registers a host under its name; a host that starts again keeps its id. What its former process held is over: those attempts are
    /// recorded as lost, and the runs wait again.
    /// </summary>
    /// <exception cref="HostNameTakenException">Another process has the name and was heard of within <see cref="HostView.LostAfter"/>.</exception>
    Task<long> RegisterAsync(HostRegistration registration, CancellationToken cancellationToken);

    /// <summary>Tells that a host lives; one that had been removed is listed again.</summary>
    /// <param name="hostId">The host.</param>
    /// <param name="instance">The process, as it was registered.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="HostReplacedException">Another process has the name by now.</exception>
    Task<HeartbeatReply> HeartbeatAsync(long hostId, string instance, CancellationToken cancellationToken);

    /// <summary>Records an orderly end; that of a process whose name another one has by now changes nothing.</summary>
    Task StoppedAsync(long hostId, string instance, CancellationToken cancellationToken);

    /// <summary>All hosts with their devices, runs and heartbeat.</summary>
    Task<IReadOnlyList<HostView>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Asks a host to take no more runs and put its present ones back (<paramref name="drain"/>), or to take runs again. False when there is no such host.</summary>
    Task<bool> SetDrainAsync(long hostId, bool drain, CancellationToken cancellationToken);

    /// <summary>
    /// Forgets a host that has ended or is lost; its past attempts still name it. It is listed again when it is heard of again. False when there
    /// is no such host. Refused (<see cref="InvalidOperationException"/>) while it is heard of or runs are recorded as its own.
    /// </summary>
    Task<bool> RemoveAsync(long hostId, CancellationToken cancellationToken);
}
