namespace Tracker.Storage;

/// <summary>How many runs a host takes at once, by device class.</summary>
/// <param name="Cpu">Runs on the CPU.</param>
/// <param name="Cuda">Runs on GPUs, all of them together.</param>
public sealed record RunSlots(int Cpu, int Cuda)
{
    /// <summary>All of them.</summary>
    public int Total => Cpu + Cuda;
}

/// <summary>
/// The job engine as a host sees it: it hands runs to the <see cref="IRunHandler"/> while it is started. Start and stop it with the
/// process; a host that is to drain for a while calls <see cref="DrainAsync"/> and <see cref="ResumeAsync"/>.
/// </summary>
public interface IRunQueueHost
{
    /// <summary>Begins to hand out runs. Runs that this host held when it was killed come first.</summary>
    Task StartAsync(CancellationToken cancellationToken);

    /// <summary>Hands out no more runs, cancels the token of those being executed, and waits until all have returned.</summary>
    Task DrainAsync(CancellationToken cancellationToken);

    /// <summary>Hands out runs again after a drain.</summary>
    Task ResumeAsync(CancellationToken cancellationToken);

    /// <summary>Drains and leaves the cluster. It cannot be started again.</summary>
    Task StopAsync(CancellationToken cancellationToken);
}
