using Tracker.Domain;
using Tracker.Storage;
using Tracker.Web.Formatting;

namespace Tracker.Web.Views;

/// <summary>What the browser's tab says: what one waits for first.</summary>
public static class PageTitles
{
    /// <summary>"62 % · F1, every technique", "Failed · F1, every technique".</summary>
    public static string Of(SweepView sweep) => $"{State(sweep.State, sweep.Progress)} · {sweep.Name}";

    /// <summary>"62 % · F1 +RA, batch 4,096, seed 1".</summary>
    public static string Of(RunView run) => $"{(run.State == RunState.Running ? State(run.State, run.Share()) : run.Word())} · {run.FullTitle()}";

    private static string State(RunState state, double progress) => state == RunState.Running ? $"{Numbers.WholePercent(progress)} %" : state.Look().ToString();
}
