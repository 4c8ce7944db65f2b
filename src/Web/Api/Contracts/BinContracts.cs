using Tracker.Storage;

namespace Tracker.Web.Api;

/// <summary>Something in the recycle bin.</summary>
/// <param name="Kind">Run or Sweep.</param>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name: of a run of the product, that of its sweep.</param>
/// <param name="SweepId">The sweep of a run.</param>
/// <param name="Owner">Whose it is.</param>
/// <param name="External">Whether a program outside reported it.</param>
/// <param name="DeletedAt">Since when it is there.</param>
/// <param name="DeletedBy">Who deleted it.</param>
/// <param name="Runs">Runs that are there with it; 1 for a run.</param>
/// <param name="Points">Points of their series.</param>
/// <param name="CheckpointBytes">Their checkpoints on the disks of hosts.</param>
/// <param name="Bytes">About what all of it takes.</param>
/// <param name="PurgeAt">When it goes for good; null when it stays until somebody says so.</param>
public sealed record BinResource(
    BinKind Kind, long Id, string Name, long? SweepId, string? Owner, bool External, DateTimeOffset DeletedAt, string? DeletedBy, int Runs, long Points,
    long CheckpointBytes, long Bytes, DateTimeOffset? PurgeAt)
{
    public static BinResource From(BinItem i) => new(
        i.Kind, i.Id, i.Name, i.SweepId, i.Owner, i.External, i.DeletedAt, i.DeletedBy, i.Runs, i.Points, i.CheckpointBytes, i.Bytes, i.PurgeAt);
}

/// <summary>What was in the recycle bin.</summary>
/// <param name="Items">Runs and sweeps that go for good.</param>
public sealed record EmptiedBin(int Items);
