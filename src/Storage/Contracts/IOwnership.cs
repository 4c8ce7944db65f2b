namespace Tracker.Storage;

/// <summary>Whose sweeps and runs are.</summary>
public interface IOwnership
{
    /// <summary>Who submitted a sweep; <see langword="null"/> when nobody is known or there is no such sweep.</summary>
    Task<long?> OfSweepAsync(long sweepId, CancellationToken cancellationToken);

    /// <summary>Who submitted a run; <see langword="null"/> when nobody is known or there is no such run.</summary>
    Task<long?> OfRunAsync(long runId, CancellationToken cancellationToken);
}
