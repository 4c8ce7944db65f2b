using System.Text.Json.Serialization;
using Tracker.Domain;
using Tracker.Storage;
using Tracker.Web.Views;

namespace Tracker.Web.Api;

/// <summary>A run.</summary>
/// <param name="Id">Its id.</param>
/// <param name="SweepId">The sweep that trains or trained it.</param>
/// <param name="SweepName">That sweep's name.</param>
/// <param name="Title">The run in a few words.</param>
/// <param name="State">Where it is in its life.</param>
/// <param name="StateSince">Since when.</param>
/// <param name="Wish">What a user asked for and the host has not yet carried out.</param>
/// <param name="Priority">Class of urgency.</param>
/// <param name="DeviceClass">The kind of device whose slot it takes.</param>
/// <param name="Attempt">Number of the latest attempt; 0 before the first.</param>
/// <param name="Host">The host of the latest attempt.</param>
/// <param name="Device">The device of the latest attempt.</param>
/// <param name="HostLost">Whether that host is no longer heard of.</param>
/// <param name="Reused">Whether the run is shown by a sweep that did not train it.</param>
/// <param name="Fingerprint">SHA-256 of the specification: equal ones are the same experiment.</param>
/// <param name="Spec">The specification.</param>
/// <param name="Progress">How far it is.</param>
/// <param name="Checkpoint">The latest checkpoint.</param>
/// <param name="Result">What it has to show, when it has succeeded.</param>
/// <param name="Failure">Why it failed, when it has.</param>
/// <param name="Notes">Notes.</param>
/// <param name="Tags">Tags.</param>
/// <param name="CreatedAt">When it was submitted.</param>
/// <param name="StartedAt">When it first started.</param>
/// <param name="FinishedAt">When it ended.</param>
/// <param name="NotBefore">When it may start at the earliest, while it waits after a crash.</param>
/// <param name="Timing">Whether it gets its device for itself.</param>
/// <param name="Labels">Labels that its host must have.</param>
/// <param name="DeviceMemoryGb">Device memory that it needs, in GB (10⁹ bytes), if known.</param>
/// <param name="Shared">Whether another run was on its device at any time: then its seconds do not tell how fast it is.</param>
/// <param name="Quarantined">Whether it failed because hosts vanished again and again while they held it; retry it to give it another chance.</param>
/// <param name="DeletedAt">Since when it lies in the recycle bin.</param>
/// <param name="External">What a program outside reports of it; null for a run of this server. Its spec is what was understood of its parameters, with empty texts and zeros for the rest.</param>
public sealed record RunResource(
    long Id, long SweepId, string SweepName, string Title, RunState State, DateTimeOffset StateSince, RunWish Wish, Priority Priority, DeviceClass DeviceClass,
    int Attempt, string? Host, string? Device, bool HostLost, bool Reused, string Fingerprint, RunSpecification Spec, ProgressResource? Progress,
    CheckpointResource? Checkpoint, RunResult? Result, FailureResource? Failure, string Notes, IReadOnlyList<string> Tags,
    DateTimeOffset CreatedAt, DateTimeOffset? StartedAt, DateTimeOffset? FinishedAt, DateTimeOffset? NotBefore, bool Timing,
    IReadOnlyList<string> Labels, double? DeviceMemoryGb, bool Shared, bool Quarantined, DateTimeOffset? DeletedAt, ExternalRunResource? External) : IEditable
{
    [JsonIgnore]
    public string EditTag => Storage.EditTag.OfRun(Notes, Tags, Priority);

    public static RunResource From(RunView r) => new(
        r.Id, r.SweepId, r.SweepName, r.Title(), r.State, r.StateSince, r.Wish, r.Priority, r.DeviceClass, r.Attempt, r.HostName, r.Device, r.HostLost, r.Reused,
        r.Fingerprint, RunSpecification.From(r.Spec), ProgressResource.From(r.Progress), CheckpointResource.From(r.Checkpoint), r.Result,
        r.FailureKind is null && r.FailureReason is null ? null : new(r.FailureKind, r.FailureReason), r.Notes, r.Tags,
        r.CreatedAt, r.StartedAt, r.FinishedAt, r.NotBefore, r.Timing, r.Labels, r.MemoryBytes / 1e9, r.Shared, r.Quarantined, r.DeletedAt, ExternalRunResource.From(r.External));
}

/// <summary>What a program outside reports of a run.</summary>
/// <param name="Name">What the program calls it.</param>
/// <param name="Parameters">Its parameters, as the program wrote them.</param>
/// <param name="Tags">Its tags by key.</param>
/// <param name="LastReportAt">When it was last heard of.</param>
/// <param name="Silent">Whether it is said to run, but was not heard of for ten minutes.</param>
public sealed record ExternalRunResource(
    string Name, IReadOnlyDictionary<string, string> Parameters, IReadOnlyDictionary<string, string> Tags, DateTimeOffset LastReportAt, bool Silent)
{
    public static ExternalRunResource? From(ExternalRun? r) => r is null ? null : new(r.Name, r.Parameters, r.Tags, r.LastReportAt, r.Silent);
}

/// <summary>How far a run is.</summary>
/// <param name="Fraction">Share of the weight updates done, from 0 to 1.</param>
/// <param name="Step">Weight updates done.</param>
/// <param name="TotalSteps">Weight updates to do.</param>
/// <param name="Epoch">Epochs done; may be a fraction.</param>
/// <param name="TotalEpochs">Epochs to do.</param>
/// <param name="SamplesPerSecond">Training samples per second lately.</param>
/// <param name="EtaSeconds">Seconds left, if it can be told.</param>
/// <param name="TrainLoss">The latest training loss.</param>
/// <param name="ValidationAccuracy">The latest validation accuracy, from 0 to 1.</param>
/// <param name="BestValidationAccuracy">The best validation accuracy so far, from 0 to 1.</param>
public sealed record ProgressResource(
    double Fraction, long Step, long TotalSteps, double Epoch, double TotalEpochs, double SamplesPerSecond, double? EtaSeconds, double? TrainLoss,
    double? ValidationAccuracy, double? BestValidationAccuracy)
{
    public static ProgressResource? From(RunProgress? p) => p is null ? null : new(
        p.TotalSteps > 0 ? Math.Clamp((double)p.Step / p.TotalSteps, 0, 1) : 0, p.Step, p.TotalSteps, p.Epoch, p.TotalEpochs, p.SamplesPerSecond,
        p.EtaSeconds, Finite.OrNull(p.TrainLoss), p.ValidationAccuracy, p.BestValidationAccuracy);
}

/// <summary>A checkpoint on the disk of the run's host.</summary>
/// <param name="Step">Weight updates that it contains.</param>
/// <param name="Path">Where it lies on the host.</param>
/// <param name="Sha256">SHA-256 of the file.</param>
/// <param name="Bytes">Size of the file.</param>
public sealed record CheckpointResource(long Step, string Path, string Sha256, long Bytes)
{
    public static CheckpointResource? From(CheckpointInfo? c) => c is null ? null : new(c.Step, c.Path, c.Sha256, c.Bytes);
}

/// <summary>Why a run failed.</summary>
/// <param name="Kind">The kind of failure.</param>
/// <param name="Reason">One line for people.</param>
public sealed record FailureResource(FailureKind? Kind, string? Reason);

/// <summary>What to change of a run; what is left out stays.</summary>
/// <param name="Notes">At most 10,000 characters.</param>
/// <param name="Tags">At most 50 tags of 1 to 64 characters; replaces those there are.</param>
/// <param name="Priority">low, normal or high; moves a run that waits, and does not interrupt one that a host holds.</param>
public sealed record RunChange(string? Notes = null, IReadOnlyList<string>? Tags = null, Priority? Priority = null);

/// <summary>One start of a run.</summary>
/// <param name="Attempt">Its number.</param>
/// <param name="Host">The host.</param>
/// <param name="Device">The device.</param>
/// <param name="ProcessId">Process id of the child on the host.</param>
/// <param name="StartedAt">When it started.</param>
/// <param name="EndedAt">When it ended.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="ExitCode">Exit code of the child, if it ended by itself.</param>
/// <param name="Signal">Signal that ended the child, if one did.</param>
/// <param name="Reason">One line for people.</param>
/// <param name="FirstStep">The step that it started from.</param>
/// <param name="LastStep">The last step that it recorded.</param>
/// <param name="Failure">The kind of failure, if it failed.</param>
/// <param name="Shared">Whether another run was on the device at any time.</param>
/// <param name="RefusedWrites">How many of its writes were refused because it was over: those of a process that outlived its attempt.</param>
public sealed record AttemptResource(
    int Attempt, string Host, string Device, int? ProcessId, DateTimeOffset StartedAt, DateTimeOffset? EndedAt, AttemptOutcome? Outcome,
    int? ExitCode, int? Signal, string? Reason, long FirstStep, long LastStep, FailureKind? Failure, bool Shared, int RefusedWrites)
{
    public static AttemptResource From(AttemptView a) => new(
        a.Attempt, a.HostName, a.Device, a.ProcessId, a.StartedAt, a.EndedAt, a.Outcome, a.ExitCode, a.Signal, a.Reason, a.FirstStep, a.LastStep,
        a.Failure, a.Shared, a.RefusedWrites);
}

/// <summary>Something that happened to a run.</summary>
/// <param name="Id">Its id; later events have larger ones.</param>
/// <param name="At">When.</param>
/// <param name="Attempt">In which attempt.</param>
/// <param name="Level">How much attention it deserves.</param>
/// <param name="Message">What happened.</param>
public sealed record EventResource(long Id, DateTimeOffset At, int? Attempt, EventLevel Level, string Message)
{
    public static EventResource From(EventView e) => new(e.Id, e.At, e.Attempt, e.Level, e.Message);
}

/// <summary>Lines of a run's log, in order.</summary>
/// <param name="Lines">The lines.</param>
/// <param name="NextCursor">Pass it as cursor to get what was written after these lines; also when there is nothing yet.</param>
public sealed record LogResource(IReadOnlyList<LogLine> Lines, string? NextCursor);

/// <summary>JSON has no infinities.</summary>
internal static class Finite
{
    internal static double? OrNull(double? value) => value is { } v && double.IsFinite(v) ? v : null;
}
