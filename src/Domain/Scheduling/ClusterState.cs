namespace Tracker.Domain;

/// <summary>A device of a host, as scheduling sees it.</summary>
/// <param name="Name">Its name on the host, such as <c>cuda:0</c>.</param>
/// <param name="Class">Cpu or Cuda.</param>
/// <param name="Model">What it is, such as <c>NVIDIA H100</c>.</param>
/// <param name="Slots">How many runs it takes at once; at least 1.</param>
/// <param name="MemoryBytes">Its memory; 0 when unknown.</param>
public sealed record DeviceOffer(string Name, DeviceClass Class, string Model, int Slots, long MemoryBytes);

/// <summary>A host that is heard of and takes runs.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Labels">Its labels.</param>
/// <param name="Devices">Its devices.</param>
public sealed record HostOffer(long Id, string Name, IReadOnlyList<string> Labels, IReadOnlyList<DeviceOffer> Devices)
{
    /// <summary>The machine, if it is known: hosts of one machine have its devices in common.</summary>
    public string Machine { get; init; } = "";
}

/// <summary>A run that has a device: given to it, starting or running.</summary>
/// <param name="Id">The run.</param>
/// <param name="SweepId">Its sweep.</param>
/// <param name="OwnerId">Who submitted it; 0 for nobody.</param>
/// <param name="HostId">The host.</param>
/// <param name="Device">The device's name.</param>
/// <param name="Timing">Whether it has the device for itself.</param>
/// <param name="ExpectedSeconds">Expected seconds from the start of the present attempt to its end.</param>
/// <param name="ElapsedSeconds">Seconds since the start of the present attempt.</param>
/// <param name="MemoryBytes">Device memory that it needs; 0 when unknown.</param>
public sealed record HeldRun(
    long Id, long SweepId, long OwnerId, long HostId, string Device, bool Timing, double ExpectedSeconds, double ElapsedSeconds, long MemoryBytes)
{
    /// <summary>Expected seconds until the device is given back; 0 for a run that is over its time.</summary>
    public double SecondsLeft => Math.Max(0, ExpectedSeconds - ElapsedSeconds);
}

/// <summary>A run that waits for a device.</summary>
/// <param name="Id">The run.</param>
/// <param name="SweepId">Its sweep.</param>
/// <param name="OwnerId">Who submitted it; 0 for nobody.</param>
/// <param name="Priority">Class of urgency.</param>
/// <param name="Device">Cpu or Cuda.</param>
/// <param name="Position">Order of arrival.</param>
/// <param name="ExpectedSeconds">Expected seconds on a device; a guess when nothing like it was measured, good for comparison within a sweep only.</param>
/// <param name="Timing">Whether it wants the device for itself.</param>
/// <param name="MemoryBytes">Device memory that it needs; 0 when unknown.</param>
/// <param name="Labels">Labels that the host must have.</param>
/// <param name="NotBefore">When its wait after a crash is over, if it is held back.</param>
public sealed record WaitingRun(
    long Id, long SweepId, long OwnerId, Priority Priority, DeviceClass Device, long Position, double ExpectedSeconds, bool Timing,
    long MemoryBytes, IReadOnlyList<string> Labels, DateTimeOffset? NotBefore);

/// <summary>All that the decision who goes next depends on, beside the waiting runs.</summary>
/// <param name="Now">The moment.</param>
/// <param name="Hosts">Hosts that are heard of and take runs.</param>
/// <param name="Held">Runs that have a device, those of draining hosts included.</param>
/// <param name="MaxParallel">Of each sweep with a limit, how many of its runs may train at once.</param>
/// <param name="Usage">Device seconds of each owner lately, weighted by age; whoever is missing has used nothing.</param>
public sealed record ClusterState(
    DateTimeOffset Now, IReadOnlyList<HostOffer> Hosts, IReadOnlyList<HeldRun> Held, IReadOnlyDictionary<long, int> MaxParallel,
    IReadOnlyDictionary<long, double> Usage);

/// <summary>A run that gets a device.</summary>
/// <param name="RunId">The run.</param>
/// <param name="HostId">The host.</param>
/// <param name="Device">The device's name.</param>
/// <param name="Share">The part of the device: 1 for a timing run, else 1 / slots.</param>
public sealed record Assignment(long RunId, long HostId, string Device, double Share);
