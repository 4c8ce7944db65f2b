using Tracker.Storage;
using Tracker.Web.Components.Charts;

namespace Tracker.Web.Views;

/// <summary>What curves are drawn against, as chosen on a page and named in its address.</summary>
public enum CurveAxis
{
    Epoch,
    Step,
    Time,
    Samples,
}

public static class CurveAxes
{
    public static readonly IReadOnlyList<(CurveAxis, string)> Options = [(CurveAxis.Epoch, "Epoch"), (CurveAxis.Step, "Step"), (CurveAxis.Time, "Time")];

    /// <summary>The above and samples seen.</summary>
    public static readonly IReadOnlyList<(CurveAxis, string)> All = [(CurveAxis.Step, "Step"), (CurveAxis.Epoch, "Epoch"), (CurveAxis.Samples, "Samples"), (CurveAxis.Time, "Time")];

    /// <summary>Those on which every run has a place, one of a program outside too.</summary>
    public static readonly IReadOnlyList<(CurveAxis, string)> Outside = [(CurveAxis.Step, "Step"), (CurveAxis.Time, "Time")];

    public static CurveAxis Read(string? text, CurveAxis otherwise) =>
        Enum.TryParse<CurveAxis>(text, ignoreCase: true, out var axis) && Enum.IsDefined(axis) ? axis : otherwise;

    public static MetricAxis Metric(this CurveAxis axis) => axis switch
    {
        CurveAxis.Epoch => MetricAxis.Epoch,
        CurveAxis.Step => MetricAxis.Step,
        CurveAxis.Samples => MetricAxis.Samples,
        _ => MetricAxis.Time,
    };

    /// <summary>Whether a run has positions on the axis: what an epoch is to a program outside is not known.</summary>
    public static bool Has(this CurveAxis axis, RunView run) => run.External is null || axis is CurveAxis.Step or CurveAxis.Time;

    public static AxisUnit Unit(this CurveAxis axis) => axis == CurveAxis.Time ? AxisUnit.Seconds : AxisUnit.Count;

    public static string Name(this CurveAxis axis) => axis switch
    {
        CurveAxis.Epoch => "epoch",
        CurveAxis.Step => "step",
        CurveAxis.Samples => "samples seen",
        _ => "training time",
    };
}
