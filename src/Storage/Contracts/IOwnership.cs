namespace Tracker.Storage;

/// <summary>Whose something is that there is.</summary>
/// <param name="OwnerId">Who submitted it; <see langword="null"/> when nobody is known.</param>
/// <param name="HoldsOthers">Whether programs of others have reported runs in it.</param>
public sealed record Holding(long? OwnerId, bool HoldsOthers);

/// <summary>Whose sweeps and runs are. What is deleted counts as long as it can be restored.</summary>
public interface IOwnership
{
    /// <summary>Whose a sweep or an experiment is; <see langword="null"/> when there is no such thing.</summary>
    Task<Holding?> OfSweepAsync(long sweepId, CancellationToken cancellationToken);

    /// <summary>Whose a run is; <see langword="null"/> when there is no such run.</summary>
    Task<Holding?> OfRunAsync(long runId, CancellationToken cancellationToken);
}
