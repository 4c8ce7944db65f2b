using Tracker.Domain;
using Tracker.Storage;
using Tracker.Web.Components.Parts;
using Tracker.Web.Formatting;

namespace Tracker.Web.Views;

/// <summary>What pages say and draw about a run.</summary>
public static class RunLooks
{
    /// <summary>A run whose host, or whose program outside, is silent is drawn as lost, whatever it did last: nobody knows whether it goes on.</summary>
    public static StateLook Look(this RunView run) => (run.HostLost && !run.State.IsFinal()) || run.External is { Silent: true } ? StateLook.Lost : run.State.Look();

    public static StateLook Look(this RunState state) => state switch
    {
        RunState.Queued => StateLook.Queued,
        RunState.Starting => StateLook.Starting,
        RunState.Running => StateLook.Running,
        RunState.Paused => StateLook.Paused,
        RunState.Succeeded => StateLook.Succeeded,
        RunState.Failed => StateLook.Failed,
        RunState.Cancelled => StateLook.Cancelled,
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "Expected a run state."),
    };

    /// <summary>The state's word, or what is being done to the run.</summary>
    public static string Word(this RunView run) => run.Wish switch
    {
        _ when run.External is { Silent: true } => "Silent",
        _ when run.External is not null && run.State == RunState.Paused => "Scheduled",
        RunWish.Pause when run.State.IsActive() && !run.HostLost => "Pausing",
        RunWish.Cancel when run.State.IsActive() && !run.HostLost => "Cancelling",
        _ => run.Look().ToString(),
    };

    /// <summary>Share of the weight updates done.</summary>
    public static double Share(this RunView run) => run.State == RunState.Succeeded
        ? 1
        : run.Progress is { TotalSteps: > 0 } progress ? Math.Clamp((double)progress.Step / progress.TotalSteps, 0, 1) : 0;

    /// <summary>Shares of the run at which its learning rate drops.</summary>
    public static IReadOnlyList<double> Notches(this RunSpec spec)
    {
        var plan = RunPlan.For(spec);
        return [.. plan.Schedule.Phases.Skip(1).Select(phase => (double)phase.StartStep / plan.TotalSteps).Where(share => share is > 0 and < 1)];
    }

    public static Technique Technique(this RunSpec spec) => Components.Parts.Technique.Of(spec.Method);

    public static string NetworkTitle(this RunSpec spec) => Titles.Network(spec.Network);

    public static string DatasetTitle(this RunSpec spec) => Titles.Dataset(spec.Dataset);

    /// <summary>What tells the run from others of its network: "+RA, batch 4,096, seed 1".</summary>
    public static string ShortTitle(this RunSpec spec) => $"{spec.Technique().Name}, batch {Numbers.Count(spec.Batch)}, seed {spec.Seed}";

    /// <summary>The run in words: "F1 +RA, batch 4,096, seed 1".</summary>
    public static string FullTitle(this RunSpec spec) => $"{spec.NetworkTitle()} {spec.ShortTitle()}";

    /// <summary>What tells the run from others beside it: its own name where a program outside gave it one.</summary>
    public static string ShortTitle(this RunView run) => run.External?.Name ?? run.Spec.ShortTitle();

    /// <summary>The run in words, or by its own name.</summary>
    public static string FullTitle(this RunView run) => run.External?.Name ?? run.Spec.FullTitle();

    /// <summary>The run as programs are told of it.</summary>
    public static string Title(this RunView run) => run.External?.Name ?? run.Spec.Title;

    /// <summary>What follows from the specification; nothing does from what is known of a run from outside.</summary>
    public static RunPlan? Plan(this RunView run) => run.External is null ? RunPlan.For(run.Spec) : null;

    /// <summary>When the run is expected to end.</summary>
    public static DateTimeOffset? EndsAt(this RunView run, DateTimeOffset now) =>
        run.State.IsActive() && run.Progress?.EtaSeconds is { } seconds ? now.AddSeconds(seconds) : null;

    public static IReadOnlyDictionary<StateLook, int> ByLook(this RunCounts counts) => new Dictionary<StateLook, int>
    {
        [StateLook.Succeeded] = counts.Succeeded,
        [StateLook.Running] = counts.Running,
        [StateLook.Starting] = counts.Starting,
        [StateLook.Paused] = counts.Paused,
        [StateLook.Failed] = counts.Failed,
        [StateLook.Cancelled] = counts.Cancelled,
        [StateLook.Queued] = counts.Queued,
    };
}
