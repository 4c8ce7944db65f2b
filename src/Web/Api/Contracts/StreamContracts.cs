using Tracker.Storage;
using Tracker.Domain;

namespace Tracker.Web.Api;

/// <summary>A run as it goes.</summary>
/// <param name="Id">Its id; 0 in a heartbeat.</param>
/// <param name="SweepId">The sweep that trains it.</param>
/// <param name="State">Where it is in its life; null when it is gone.</param>
/// <param name="StateSince">Since when.</param>
/// <param name="Wish">What a user asked for and the host has not yet carried out.</param>
/// <param name="Attempt">Number of the latest attempt.</param>
/// <param name="Progress">How far it is.</param>
/// <param name="Failure">Why it failed, when it has.</param>
/// <param name="FinishedAt">When it ended.</param>
public sealed record StreamedRun(
    long Id, long? SweepId = null, RunState? State = null, DateTimeOffset? StateSince = null, RunWish? Wish = null, int? Attempt = null,
    ProgressResource? Progress = null, FailureResource? Failure = null, DateTimeOffset? FinishedAt = null)
{
    public static StreamedRun From(RunView r) => new(
        r.Id, r.SweepId, r.State, r.StateSince, r.Wish, r.Attempt, ProgressResource.From(r.Progress),
        r.FailureKind is null && r.FailureReason is null ? null : new(r.FailureKind, r.FailureReason), r.FinishedAt);
}
