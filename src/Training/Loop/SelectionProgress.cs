using Tracker.Domain;

namespace Tracker.Training;

/// <summary>
/// What the evaluations so far mean for a run's result (<see cref="SelectionRule"/>) and for the accuracies that it is to reach. The
/// epoch is chosen by validation accuracy; the number is the accuracy on the test set at that epoch. Where validation looks at the test
/// set, as in the paper, the two are the same.
/// </summary>
public sealed class SelectionProgress
{
    /// <summary>The accuracy on the test set at the last evaluation, from 0 to 1.</summary>
    public double FinalAccuracy { get; set; } = double.NaN;

    /// <summary>The step of the last evaluation.</summary>
    public long FinalStep { get; set; } = -1;

    /// <summary>The highest validation accuracy so far, from 0 to 1.</summary>
    public double BestValidationAccuracy { get; set; } = double.NaN;

    /// <summary>The accuracy on the test set where validation accuracy was highest, the earliest of equals.</summary>
    public double BestAccuracy { get; set; } = double.NaN;

    /// <summary>The step of that evaluation.</summary>
    public long BestStep { get; set; } = -1;

    /// <summary>The accuracies on the test set of the last few evaluations, as many as the rule averages.</summary>
    public IReadOnlyList<double> Latest { get; set; } = [];

    /// <summary>Step and seconds of training at which each target was first reached, in the order of the targets; those left are missing.</summary>
    public IReadOnlyList<(long Step, double Seconds)> Reached { get; set; } = [];

    /// <summary>Takes in an evaluation.</summary>
    /// <param name="spec">Rule and targets.</param>
    /// <param name="step">The step after which it was made.</param>
    /// <param name="trainSeconds">Seconds of training by then.</param>
    /// <param name="validation">Accuracy on the validation set, from 0 to 1.</param>
    /// <param name="test">Accuracy on the test set, from 0 to 1.</param>
    public void Add(RunSpec spec, long step, double trainSeconds, double validation, double test)
    {
        ArgumentNullException.ThrowIfNull(spec);
        (FinalAccuracy, FinalStep) = (test, step);
        if (double.IsNaN(BestValidationAccuracy) || validation > BestValidationAccuracy)
            (BestValidationAccuracy, BestAccuracy, BestStep) = (validation, test, step);
        Latest = [.. Latest.Append(test).TakeLast(spec.Selection.Epochs)];
        var reached = spec.Diagnostics.Targets.Skip(Reached.Count).TakeWhile(t => validation >= t).Count();
        Reached = [.. Reached, .. Enumerable.Repeat((step, trainSeconds), reached)];
    }

    /// <summary>The number that stands for the run.</summary>
    /// <param name="rule">The rule.</param>
    public SelectedResult Select(SelectionRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        var (accuracy, step) = rule.Kind switch
        {
            SelectionKind.Final => (FinalAccuracy, FinalStep),
            SelectionKind.Best => (BestAccuracy, BestStep),
            SelectionKind.MeanOfLast => (Latest.Average(), FinalStep),
            _ => throw new ArgumentOutOfRangeException(nameof(rule), rule.Kind, "Expected final, best or mean of last."),
        };
        return new(rule.ToString(), SelectedResult.TestSet, accuracy, step);
    }

    /// <summary>When each target was reached.</summary>
    /// <param name="targets">The targets, ascending.</param>
    public IReadOnlyList<TargetReached> TargetsReached(IReadOnlyList<double> targets) =>
        [.. targets.Select((t, i) => i < Reached.Count ? new TargetReached(t, Reached[i].Step, Reached[i].Seconds) : new TargetReached(t, null, null))];
}
