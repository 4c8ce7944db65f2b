namespace Tracker.Storage;

/// <summary>
/// The job engine as a host sees it: it hands the runs of the host's lanes to the <see cref="IRunHandler"/> while it is started. Start
/// and stop it with the process; a host that is to drain for a while calls <see cref="DrainAsync"/> and <see cref="ResumeAsync"/>.
/// </summary>
public interface IRunQueueHost
{
    /// <summary>Begins to hand out runs. Those that were being executed here when the process died are handed out again.</summary>
    Task StartAsync(CancellationToken cancellationToken);

    /// <summary>Looks for runs at once. Without it a run that was enqueued elsewhere is seen at the engine's next look by itself.</summary>
    Task NudgeAsync(CancellationToken cancellationToken);

    /// <summary>Hands out no more runs, cancels the token of those being executed, and waits until all have returned.</summary>
    Task DrainAsync(CancellationToken cancellationToken);

    /// <summary>Hands out runs again after a drain.</summary>
    Task ResumeAsync(CancellationToken cancellationToken);

    /// <summary>Drains and leaves the cluster. It cannot be started again.</summary>
    Task StopAsync(CancellationToken cancellationToken);
}
