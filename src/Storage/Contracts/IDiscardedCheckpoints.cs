namespace Tracker.Storage;

/// <summary>A run whose checkpoints are no longer wanted.</summary>
/// <param name="RunId">The run.</param>
/// <param name="At">When they were given up; what was written later belongs to a later attempt.</param>
/// <param name="Purged">Whether the run itself is gone for good.</param>
public readonly record struct DiscardedCheckpoint(long RunId, DateTimeOffset At, bool Purged);

/// <summary>What hosts may remove from their disks, which only they can reach.</summary>
public interface IDiscardedCheckpoints
{
    /// <summary>
    /// Those of these runs whose checkpoints were given up: the run was purged, or a rule of retention took its checkpoint and it has not begun
    /// again since. A run that the database merely does not know is not among them.
    /// </summary>
    Task<IReadOnlyList<DiscardedCheckpoint>> AmongAsync(IReadOnlyList<long> runIds, CancellationToken cancellationToken);
}
