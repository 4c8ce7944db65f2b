using Microsoft.AspNetCore.Components;
using Tracker.Domain;
using Tracker.Storage;
using Tracker.Web.Formatting;
using Tracker.Web.Views;

namespace Tracker.Web.Components.Runs;

/// <summary>How far a run is, in numbers.</summary>
public sealed partial class RunProgressPanel
{
    [Parameter, EditorRequired]
    public required RunModel Model { get; set; }

    [CascadingParameter]
    public required ViewerTime Viewer { get; set; }

    private RunView Run => Model.Run;

    private RunPlan Plan => Model.Plan ?? throw new InvalidOperationException($"Nobody has planned run {Run.Id}: a program outside reports it.");

    private double Speed => Run.Result?.SamplesPerSecond ?? Run.Progress?.SamplesPerSecond ?? 0;

    private double? Validation => Run.Result?.SelectedAccuracy ?? Run.Progress?.ValidationAccuracy;

    private double? TrainAccuracy => Model.Series(MetricNames.TrainAccuracy) is { Buckets: [.., var last] } ? last.Last : null;

    private TimeSpan? Left => Run.State.IsActive() && Run.Progress?.EtaSeconds is { } seconds ? TimeSpan.FromSeconds(Math.Round(seconds)) : null;

    private string Best => (Run.Result?.BestValidationAccuracy ?? Run.Progress?.BestValidationAccuracy) is { } best
        ? $"best {(Run.Spec.ValidationExamples > 0 ? "validation " : "")}{Numbers.Points(best)}{(BestEpoch is { } epoch ? $" at epoch {epoch}" : "")}"
        : "no evaluation yet";

    private string? BestEpoch => Model.Settings.X == CurveAxis.Epoch && Model.Series(MetricNames.ValidationAccuracy) is { Buckets.Count: > 0 } series
        ? Numbers.Count((long)Math.Round(series.Buckets.MaxBy(bucket => bucket.Max).X))
        : null;

    private string Done => Run switch
    {
        { Wish: RunWish.Pause } => "pausing: writes a checkpoint",
        { Wish: RunWish.Cancel } => "cancelling",
        _ when Run.EndsAt(Viewer.Now) is { } end => $"done {Viewer.At(end)}",
        { State: RunState.Queued, NotBefore: { } from } when from > Viewer.Now => $"tried again at {Viewer.Seconds(from)}",
        { State: RunState.Queued, HostLost: true } => "resumes from its checkpoint",
        { State: RunState.Queued } => $"queued {Viewer.Ago(Run.StateSince)}",
        { State: RunState.Starting } => "starting",
        { State: RunState.Paused } => $"paused {Viewer.Ago(Run.StateSince)}",
        { State: RunState.Failed } => $"failed {Viewer.Ago(Run.FinishedAt ?? Run.StateSince)}",
        { State: RunState.Cancelled } => $"cancelled {Viewer.Ago(Run.FinishedAt ?? Run.StateSince)}",
        _ => "",
    };

    private IEnumerable<(string Text, string Width)> Phases
    {
        get
        {
            var phases = Plan.Schedule.Phases.Where(phase => phase.StartStep < Plan.TotalSteps).ToArray();
            for (var i = 0; i < phases.Length; i++)
            {
                var end = i + 1 < phases.Length ? phases[i + 1].StartStep : Plan.TotalSteps;
                var share = (double)(end - phases[i].StartStep) / Plan.TotalSteps * 100;
                yield return ($"{(phases.Length > 1 ? $"phase {i + 1}, " : "")}rate {Numbers.Rate(phases[i].LearningRate)}", $"{share:0.##}%");
            }
        }
    }
}
