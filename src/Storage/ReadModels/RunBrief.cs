using Tracker.Domain;

namespace Tracker.Storage;

/// <summary>As much of a run as tells it from others of its sweep.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Method">Its method.</param>
/// <param name="Batch">Its batch.</param>
/// <param name="GhostBatch">Its ghost batch, if it has one.</param>
/// <param name="Seed">Its seed.</param>
/// <param name="State">Its state.</param>
public sealed record RunBrief(long Id, Method Method, int Batch, int? GhostBatch, int Seed, RunState State)
{
    /// <summary>What a program outside calls it, if one reports it.</summary>
    public string? Name { get; init; }
}
