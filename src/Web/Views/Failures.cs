using Tracker.Domain;
using Tracker.Storage;

namespace Tracker.Web.Views;

/// <summary>Why runs and attempts ended, in words: the kind first, then what is known beside it.</summary>
public static class Failures
{
    /// <summary>The first line of a run that ended without a result: "Out of memory: …", "Cancelled by a user." Null for others.</summary>
    public static string? FirstLine(this RunView run) => run.State switch
    {
        RunState.Failed when run.Quarantined => Join("Quarantined", run.FailureReason),
        RunState.Failed => run.FailureKind?.FirstLine(run.FailureReason) ?? Join("Failed", run.FailureReason),
        RunState.Cancelled => "Cancelled by a user.",
        _ => null,
    };

    /// <summary>Why an attempt ended.</summary>
    public static string FirstLine(this AttemptView attempt) => attempt switch
    {
        { Outcome: null } => "–",
        { Failure: { } kind } => kind.FirstLine(attempt.Reason),
        { Reason: { Length: > 0 } reason } => reason,
        { Signal: { } signal } => $"ended by signal {signal}",
        { ExitCode: { } code and not 0 } => $"exit code {code}",
        { Outcome: AttemptOutcome.Succeeded } => "done",
        _ => "–",
    };

    private static string Join(string kind, string? reason) => string.IsNullOrWhiteSpace(reason) ? $"{kind}." : $"{kind}: {reason}";
}
