using System.Text.Json.Serialization;
using Tracker.Domain;
using Tracker.Storage;

namespace Tracker.Web.Api;

/// <summary>Runs by state.</summary>
public sealed record Counts(int Queued, int Starting, int Running, int Paused, int Succeeded, int Failed, int Cancelled, int Total)
{
    public static Counts From(RunCounts c) => new(c.Queued, c.Starting, c.Running, c.Paused, c.Succeeded, c.Failed, c.Cancelled, c.Total);
}

/// <summary>A sweep.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Notes">Notes.</param>
/// <param name="State">The state that stands for all of its runs.</param>
/// <param name="Priority">Class of urgency.</param>
/// <param name="Owner">Who submitted it.</param>
/// <param name="CreatedAt">When it was submitted.</param>
/// <param name="FinishedAt">When the last run ended, if all have.</param>
/// <param name="Counts">Its runs by state, reused ones included.</param>
/// <param name="Reused">How many of the runs are finished runs of other sweeps.</param>
/// <param name="Progress">Share of the weight updates done, from 0 to 1.</param>
/// <param name="EtaSeconds">Seconds left, if it can be told.</param>
/// <param name="Spec">The specification with every default stated; that of an experiment from outside is empty.</param>
/// <param name="External">What programs outside said of it; null for a sweep of this server.</param>
public sealed record SweepResource(
    long Id, string Name, string Notes, RunState State, Priority Priority, string? Owner, DateTimeOffset CreatedAt, DateTimeOffset? FinishedAt,
    Counts Counts, int Reused, double Progress, double? EtaSeconds, SweepSpecification Spec, ExternalSweepResource? External) : IEditable
{
    [JsonIgnore]
    public string EditTag => Storage.EditTag.OfSweep(Name, Notes, Priority);

    public static SweepResource From(SweepView s) => new(
        s.Id, s.Name, s.Notes, s.State, s.Priority, s.OwnerName, s.CreatedAt, s.FinishedAt, Counts.From(s.Counts), s.Reused, s.Progress, s.EtaSeconds,
        SweepSpecification.From(s.Spec), s.External is null ? null : new(s.External.Tags));
}

/// <summary>What programs outside said of an experiment.</summary>
/// <param name="Tags">Its tags by key.</param>
public sealed record ExternalSweepResource(IReadOnlyDictionary<string, string> Tags);

/// <summary>What to change of a sweep; what is left out stays.</summary>
/// <param name="Name">1 to 200 characters.</param>
/// <param name="Notes">At most 10,000 characters.</param>
/// <param name="Priority">low, normal or high; moves the queued runs.</param>
public sealed record SweepChange(string? Name = null, string? Notes = null, Priority? Priority = null);

/// <summary>What a verb did.</summary>
/// <param name="Changed">Runs that it touched.</param>
/// <param name="Unchanged">Runs that were already past it.</param>
public sealed record VerbOutcome(int Changed, int Unchanged)
{
    public static VerbOutcome From(VerbResult r) => new(r.Changed, r.Unchanged);
}

/// <summary>What a submission would do.</summary>
/// <param name="Spec">The specification with every default stated.</param>
/// <param name="RunCount">Runs that would be trained.</param>
/// <param name="ReusedCount">Runs that would be reused.</param>
/// <param name="EstimatedSeconds">Estimated time until all is done, or null when nothing like it was measured.</param>
/// <param name="EstimateBasis">What the estimate rests on.</param>
/// <param name="Runs">Runs that would be trained, in queue order.</param>
/// <param name="Reused">Finished runs with the same fingerprint that would be shown instead of being trained.</param>
/// <param name="Refused">Combinations that cannot be trained.</param>
/// <param name="Duration">How long the runs take on the hosts that are up if nothing else waited, with its interval.</param>
/// <param name="Finishes">When all will be done behind what waits and trains already, with its interval.</param>
/// <param name="Warnings">What the submission would not be refused for but should be known, such as that no present host can take the runs.</param>
public sealed record SweepPlanResource(
    SweepSpecification Spec, int RunCount, int ReusedCount, double? EstimatedSeconds, string? EstimateBasis,
    IReadOnlyList<PlannedRunResource> Runs, IReadOnlyList<ReusedRunResource> Reused, IReadOnlyList<RefusedResource> Refused,
    DurationEstimate? Duration, MomentEstimate? Finishes, IReadOnlyList<string> Warnings)
{
    public static SweepPlanResource From(SweepPlan p) => new(
        SweepSpecification.From(p.Sweep), p.NewRuns.Count, p.ReusedRuns.Count, p.EstimatedSeconds, p.EstimateBasis,
        [.. p.NewRuns.Select(PlannedRunResource.From)], [.. p.ReusedRuns.Select(ReusedRunResource.From)], [.. p.Refused.Select(RefusedResource.From)],
        p.Duration, p.Finishes, p.Warnings);
}

/// <summary>A run that would be trained.</summary>
/// <param name="Title">The run in a few words.</param>
/// <param name="Spec">Its specification.</param>
/// <param name="Steps">Weight updates.</param>
/// <param name="StepsPerEpoch">Weight updates in one epoch.</param>
/// <param name="Epochs">Epochs after regime adaptation.</param>
/// <param name="InitialLearningRate">Learning rate of the first step, after scaling.</param>
/// <param name="EstimatedSeconds">Estimated time on one slot.</param>
/// <param name="Duration">The same with its interval.</param>
public sealed record PlannedRunResource(
    string Title, RunSpecification Spec, long Steps, int StepsPerEpoch, int Epochs, double InitialLearningRate, double? EstimatedSeconds,
    DurationEstimate? Duration)
{
    public static PlannedRunResource From(PlannedRun r) => new(
        r.Spec.Title, RunSpecification.From(r.Spec), r.Plan.TotalSteps, r.Plan.StepsPerEpoch, r.Plan.Epochs, r.Plan.InitialLearningRate, r.EstimatedSeconds,
        r.Duration);
}

/// <summary>A finished run that stands for a planned one.</summary>
/// <param name="Title">The run in a few words.</param>
/// <param name="RunId">The finished run.</param>
/// <param name="SweepId">The sweep that trained it.</param>
/// <param name="SweepName">That sweep's name.</param>
/// <param name="FinalValidationAccuracy">From 0 to 1.</param>
public sealed record ReusedRunResource(string Title, long RunId, long SweepId, string SweepName, double FinalValidationAccuracy)
{
    public static ReusedRunResource From(ReusedRun r) => new(r.Spec.Title, r.RunId, r.SweepId, r.SweepName, r.FinalValidationAccuracy);
}

/// <summary>A combination that cannot be trained.</summary>
/// <param name="Path">The field that is to blame.</param>
/// <param name="Reason">Why, and what would do.</param>
/// <param name="Method">The method.</param>
/// <param name="Batch">The batch.</param>
/// <param name="GhostBatch">The ghost batch.</param>
/// <param name="Count">How many runs are not made because of it.</param>
public sealed record RefusedResource(string Path, string Reason, string Method, int Batch, int? GhostBatch, int Count)
{
    public static RefusedResource From(RefusedCombination r) => new(r.Path, r.Reason, r.Method.ToString(), r.Batch, r.GhostBatch, r.Count);
}
