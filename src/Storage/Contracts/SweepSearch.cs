using Tracker.Domain;

namespace Tracker.Storage;

/// <summary>Which sweeps to list, newest first. What is <see langword="null"/> does not restrict.</summary>
/// <param name="Limit">How many at most.</param>
public sealed record SweepSearch(int Limit)
{
    /// <summary>Only sweeps older than this one.</summary>
    public long? BeforeId { get; init; }

    /// <summary>Only sweeps with this text in their name, in upper or lower case.</summary>
    public string? Name { get; init; }

    /// <summary>Only sweeps of this user.</summary>
    public string? Owner { get; init; }

    /// <summary>Only sweeps of this network.</summary>
    public string? Network { get; init; }

    /// <summary>Only sweeps in this state: see <see cref="SweepView.State"/>.</summary>
    public RunState? State { get; init; }
}

/// <summary>What goes when a sweep is deleted.</summary>
/// <param name="Runs">Its runs that no other sweep shows.</param>
/// <param name="Points">Points of their curves.</param>
/// <param name="Checkpoints">How many of them have a checkpoint.</param>
/// <param name="CheckpointBytes">Size of these.</param>
/// <param name="Kept">Its runs that other sweeps show: they stay, with the oldest of these.</param>
/// <param name="Active">Runs that train now: while there are any it is not deleted.</param>
public sealed record SweepDeletion(int Runs, long Points, int Checkpoints, long CheckpointBytes, int Kept, int Active);
