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

    /// <summary>What this means for the attempt.</summary>
    public AttemptEnd ToAttemptEnd() => Code switch
    {
        ExitCodes.Done => new(AttemptOutcome.Succeeded, Code, Signal: null, Reason: null),
        ExitCodes.BadSpecification => Failed(FailureKind.BadSpecification, "The specification cannot be trained"),
        ExitCodes.BadData => Failed(FailureKind.BadData, "Data are missing or corrupt"),
        ExitCodes.OutOfMemory => Failed(FailureKind.OutOfMemory, "Memory did not suffice"),
        ExitCodes.Diverged => Failed(FailureKind.Diverged, "The loss is no finite number any more"),
        ExitCodes.Fenced => new(AttemptOutcome.Lost, Code, Signal: null, "A newer attempt of the run exists."),
        ExitCodes.Stopped => new(StoppedOutcome, Code, Signal: null, StoppedReason),
        SignalBase + Kill when KilledAfterGrace => new(StoppedOutcome, ExitCode: null, Kill, $"{StoppedReason} It did not leave in time and was killed."),
        SignalBase + Kill => Crashed(Kill, OutOfMemoryKills
            ? "Killed by the operating system, which had run out of memory"
            : "Killed from outside (SIGKILL); perhaps the operating system ran out of memory"),
        > SignalBase and < SignalBase + 65 => Crashed(Code - SignalBase, $"Crashed with signal {SignalName}"),
        _ => Failed(FailureKind.Crashed, $"Ended with exit code {Code}"),
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

    private string SignalName => s_signals.TryGetValue(Code - SignalBase, out var name) ? name : $"{Code - SignalBase}";

    private AttemptEnd Failed(FailureKind kind, string what) => new(AttemptOutcome.Failed, Code, Signal: null, WithLastWords(what), kind);

    private AttemptEnd Crashed(int signal, string what) => new(AttemptOutcome.Failed, ExitCode: null, signal, WithLastWords(what), FailureKind.Crashed);

    private string WithLastWords(string what)
    {
        var words = string.Join(" | ", LastWords);
        if (words.Length > LongestReason) words = $"…{words[^LongestReason..]}";
        return words.Length == 0 ? $"{what}." : $"{what}: {words}";
    }
}
