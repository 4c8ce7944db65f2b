using Tracker.Domain;
using Tracker.Storage;

namespace Tracker.Jobs.Supervision;

/// <summary>How a child ended.</summary>
/// <param name="Code">Exit code as the runtime tells it: 128 + n for signal n.</param>
/// <param name="Stop">What it had been asked for.</param>
/// <param name="KilledAfterGrace">Whether the host killed it because it did not leave in time.</param>
/// <param name="OutOfMemoryKills">Whether the system's out-of-memory killer was at work while it ran.</param>
/// <param name="LastWords">The end of its standard error.</param>
internal sealed record ChildExit(int Code, StopReason Stop, bool KilledAfterGrace, bool OutOfMemoryKills, IReadOnlyList<string> LastWords)
{
    private const int SignalBase = 128;
    private const int Kill = 9;
    private const int LongestReason = 1000;

    private static readonly Dictionary<int, string> s_signals = new()
    {
        [1] = "SIGHUP", [2] = "SIGINT", [3] = "SIGQUIT", [4] = "SIGILL", [6] = "SIGABRT", [7] = "SIGBUS", [8] = "SIGFPE", [Kill] = "SIGKILL",
        [11] = "SIGSEGV", [13] = "SIGPIPE", [15] = "SIGTERM", [24] = "SIGXCPU", [25] = "SIGXFSZ",
    };

    /// <summary>What this means for the attempt. The reason goes on where the title of the failure's kind ends.</summary>
    public AttemptEnd ToAttemptEnd() => Code switch
    {
        ExitCodes.Done => new(AttemptOutcome.Succeeded, Code, Signal: null, Reason: null),
        ExitCodes.BadSpecification => Failed(FailureKind.BadSpecification, "it cannot be trained"),
        ExitCodes.BadData => Failed(FailureKind.BadData, "the data set cannot be used"),
        ExitCodes.OutOfMemory => Failed(FailureKind.OutOfMemory, "the device's memory did not suffice"),
        ExitCodes.Diverged => Failed(FailureKind.Diverged, "the loss is no finite number any more"),
        ExitCodes.Fenced => new(AttemptOutcome.Lost, Code, Signal: null, "A newer attempt of the run exists."),
        ExitCodes.Stopped => new(StoppedOutcome, Code, Signal: null, StoppedReason),
        ExitCodes.DatabaseAway => new(
            StoppedOutcome, Code, Signal: null, $"{StoppedReason} What came after the last recorded checkpoint could not be recorded.", FailureKind.DatabaseAway),
        SignalBase + Kill when KilledAfterGrace => new(StoppedOutcome, ExitCode: null, Kill, $"{StoppedReason} It did not leave in time and was killed."),
        SignalBase + Kill => Signalled(FailureKind.Killed, OutOfMemoryKills
            ? "SIGKILL, while its out-of-memory killer was at work"
            : "SIGKILL, not sent by the host; perhaps by hand"),
        > SignalBase and < SignalBase + 65 => Signalled(FailureKind.Crashed, $"native crash with {SignalName}"),
        _ => new(AttemptOutcome.Failed, Code, Signal: null, WithLastWords($"exit code {Code}"), FailureKind.Crashed),
    };

    private AttemptOutcome StoppedOutcome => Stop switch
    {
        StopReason.Cancel => AttemptOutcome.Cancelled,
        StopReason.Pause => AttemptOutcome.Paused,
        _ => AttemptOutcome.Drained,
    };

    private string StoppedReason => Stop switch
    {
        StopReason.Cancel => "Cancelled by a user.",
        StopReason.Pause => "Paused by a user.",
        StopReason.Drain => "The host drains.",
        _ => "Asked to stop by a SIGTERM that did not come from its host.",
    };

    private string SignalName => s_signals.TryGetValue(Code - SignalBase, out var name) ? name : $"signal {Code - SignalBase}";

    private string Words
    {
        get
        {
            var words = string.Join(" | ", LastWords);
            if (words.Length <= LongestReason) return words;
            var end = words[^LongestReason..];
            // Half a character could not be recorded.
            return $"…{(char.IsLowSurrogate(end[0]) ? end[1..] : end)}";
        }
    }

    /// <summary>The child says itself what is wrong; without words of its own, what its exit code means.</summary>
    private AttemptEnd Failed(FailureKind kind, string meaning) =>
        new(AttemptOutcome.Failed, Code, Signal: null, WithoutTitle(kind, Words) is { Length: > 0 } words ? words : $"{meaning}.", kind);

    private static string WithoutTitle(FailureKind kind, string words) =>
        words.StartsWith(kind.Title(), StringComparison.OrdinalIgnoreCase) ? words[kind.Title().Length..].TrimStart(' ', ':', ';', ',', '.') : words;

    private AttemptEnd Signalled(FailureKind kind, string what) => new(AttemptOutcome.Failed, ExitCode: null, Code - SignalBase, WithLastWords(what), kind);

    private string WithLastWords(string what) => Words is { Length: > 0 } words ? $"{what}: {words}" : $"{what}.";
}
