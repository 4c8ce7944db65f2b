using Tracker.Domain;
using Tracker.Web.Components.Charts;

namespace Tracker.Web.Views;

/// <summary>Where learning rates change, as marks on a chart.</summary>
public static class RateDrops
{
    /// <summary>The changes of some runs on one axis; those that fall close together are told once. Times and samples have none: those are not known before.</summary>
    public static IReadOnlyList<ChartMark> Of(IEnumerable<RunSpec> specs, CurveAxis axis, double end)
    {
        if (axis is CurveAxis.Time or CurveAxis.Samples)
            return [];
        var marks = new List<ChartMark>();
        foreach (var mark in specs.Select(RunPlan.For).SelectMany(plan => In(plan, axis)).OrderBy(mark => mark.At))
        {
            if (mark.At > 0 && mark.At < end && !marks.Exists(other => Math.Abs(other.At - mark.At) < 0.03 * mark.At))
                marks.Add(mark);
        }
        return marks;
    }

    private static IEnumerable<ChartMark> In(RunPlan plan, CurveAxis axis)
    {
        var phases = plan.Schedule.Phases;
        for (var i = 1; i < phases.Count; i++)
        {
            if (phases[i].StartStep >= plan.TotalSteps)
                continue;
            var ratio = phases[i - 1].LearningRate / phases[i].LearningRate;
            var at = axis == CurveAxis.Epoch ? (double)phases[i].StartStep / plan.StepsPerEpoch : phases[i].StartStep;
            yield return new(at, ratio >= 1 ? $"rate ÷ {ratio:0.#}" : $"rate × {1 / ratio:0.#}");
        }
    }
}
