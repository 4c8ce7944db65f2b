using Tracker.Storage;
using Tracker.Web.Formatting;

namespace Tracker.Web.Views;

/// <summary>
/// Which runs count where time is shown. A run that had its device together with another one took longer than it needed, so its seconds
/// say nothing about it: they are left out unless asked for.
/// </summary>
public sealed class SharedTime
{
    /// <param name="runs">The runs that would be shown.</param>
    /// <param name="show">Whether those that shared a device are shown as well.</param>
    public SharedTime(IEnumerable<RunView> runs, bool show)
    {
        var all = runs.Where(run => run.Attempt > 0 || run.Result is not null).ToList();
        Shared = all.Count(run => run.Shared);
        Total = all.Count;
        Shown = show;
    }

    /// <summary>How many runs shared a device.</summary>
    public int Shared { get; }

    /// <summary>How many runs have a time at all.</summary>
    public int Total { get; }

    /// <summary>Whether those that shared a device are shown.</summary>
    public bool Shown { get; }

    /// <summary>Whether a run's time is shown.</summary>
    public bool Counts(RunView run) => Shown || !run.Shared;

    /// <summary>What is left out and why, in a sentence; null when nothing is.</summary>
    public string? Sentence => Shared == 0
        ? null
        : $"{Subject}{(Shown ? "" : Shared == 1 ? " is left out: it" : " are left out: they")} shared {(Shared == 1 ? "its" : "a")} device{(Shown ? ":" : ", and")} alone {(Shared == 1 ? "it" : "they")} would have taken less time.";

    private string Subject => Shared == Total && Total > 1 ? $"All {Numbers.Of(Shared, "run")}" : Numbers.Of(Shared, "run");
}
