using Tracker.Domain;
using Tracker.Web.Components.Charts;

namespace Tracker.Web.Views;

/// <summary>The charts of one run. All but the weight distance share the horizontal axis.</summary>
public sealed class RunCharts
{
    private const double Giga = 1e9;

    private readonly RunModel _model;
    private readonly double _end;
    private readonly double? _future;
    private readonly string _color;
    private readonly IReadOnlyList<ChartMark> _marks;

    public RunCharts(RunModel model)
    {
        _model = model;
        _color = $"series-{model.Run.Spec.Technique().Series}";
        _end = model.Axis switch
        {
            CurveAxis.Epoch => model.Plan.Epochs,
            CurveAxis.Step => model.Plan.TotalSteps,
            _ => Math.Max(60, model.Series.Values.SelectMany(series => series.Buckets).Select(bucket => bucket.X).DefaultIfEmpty().Max()),
        };
        _future = model.Axis switch
        {
            _ when model.Run.State.IsFinal() || model.Run.Progress is null => null,
            CurveAxis.Epoch => model.Run.Progress.Epoch,
            CurveAxis.Step => model.Run.Progress.Step,
            _ => null,
        };
        _marks = RateDrops.Of([model.Run.Spec], model.Axis, _end);
        Accuracy = Pair("Accuracy", AxisUnit.Share, MetricNames.ValidationAccuracy, MetricNames.TrainAccuracy) with { MarksBelow = true };
        Loss = Pair("Loss", AxisUnit.Plain, MetricNames.ValidationLoss, MetricNames.TrainLoss) with { MarksMute = true };
        LearningRate = Rate() with { MarksMute = true };
        GradientNorm = Gradient() with { MarksMute = true };
        (WeightDistance, Fit) = Distance();
        System =
        [
            .. OfSystem("CPU", "cores in use", MetricNames.SystemCpu, 1),
            .. OfSystem("Memory", "GB", MetricNames.SystemMemory, Giga),
            .. OfSystem("GPU", "% busy", MetricNames.SystemGpu, 1, most: 100),
            .. OfSystem("GPU memory", "GB", MetricNames.SystemGpuMemory, Giga),
        ];
    }

    public ChartData Accuracy { get; }

    public ChartData Loss { get; }

    public ChartData LearningRate { get; }

    public ChartData GradientNorm { get; }

    public ChartData WeightDistance { get; }

    /// <summary>The line through the weight distance, up to the first change of the learning rate.</summary>
    public DiffusionFit? Fit { get; }

    /// <summary>What the run took of its machine: a chart for each quantity that was measured.</summary>
    public IReadOnlyList<SystemChart> System { get; }

    private ChartAxis Across => AxisScale.Across(_model.Axis.Name(), _model.Axis.Unit(), 0, _end);

    private ChartData Pair(string name, AxisUnit unit, string validation, string train)
    {
        var series = new[]
        {
            Line(train, "training", "text-3", SeriesStyle.Thin),
            Line(validation, "validation", _color, SeriesStyle.Line) with { EndDot = true },
        };
        // The first steps fall far outside what follows: they may leave the chart at the bottom or top.
        var values = series.SelectMany(one => one.Ys.Skip(one.Ys.Count > 20 ? 2 : 0)).OfType<double>();
        return Chart([.. series.Reverse()], AxisScale.Around(name, unit, values));
    }

    private ChartData Rate()
    {
        var phases = _model.Plan.Schedule.Phases;
        double At(long step) => _model.Axis == CurveAxis.Epoch ? (double)step / _model.Plan.StepsPerEpoch : step;
        var measured = Line(MetricNames.LearningRate, "learning rate", _color, SeriesStyle.Steps);
        var planned = new ChartSeries
        {
            Id = "plan", Name = "planned", Color = _color, Style = SeriesStyle.Plan, Silent = true,
            Xs = [.. phases.Select(phase => At(phase.StartStep)), At(_model.Plan.TotalSteps)],
            Ys = [.. phases.Select(phase => (double?)phase.LearningRate), phases[^1].LearningRate],
        };
        var axis = AxisScale.Around("learning rate", AxisUnit.Plain, phases.Select(phase => phase.LearningRate), log: true);
        return Chart(_model.Axis is CurveAxis.Time or CurveAxis.Samples ? [measured] : [planned, measured], axis);
    }

    private ChartData Gradient()
    {
        var clip = _model.Run.Spec.Parameters.Clip;
        var line = Line(MetricNames.GradientNorm, "gradient norm", _color, SeriesStyle.Thin);
        var highest = line.Ys.OfType<double>().DefaultIfEmpty().Max();
        var shown = clip > 0 && clip < 2 * highest;
        var axis = AxisScale.Around("gradient norm", AxisUnit.Plain, line.Ys.OfType<double>().Append(shown ? clip : 0), fromZero: true);
        return Chart([line], axis) with { Levels = shown ? [new(clip, "clipped")] : [] };
    }

    private (ChartData, DiffusionFit?) Distance()
    {
        var buckets = _model.WeightDistance?.Buckets ?? [];
        var firstChange = _model.Plan.Schedule.Phases.Skip(1).Select(phase => (double)phase.StartStep).FirstOrDefault(_model.Plan.TotalSteps);
        var fit = DiffusionFit.Through(buckets.Select(bucket => ((double)bucket.Step, bucket.Last)), firstChange);
        var dots = new ChartSeries
        {
            Id = "distance", Name = "weight distance", Color = _color, Style = SeriesStyle.Dots,
            Xs = [.. buckets.Where(bucket => bucket.Step > 0).Select(bucket => (double)bucket.Step)],
            Ys = [.. buckets.Where(bucket => bucket.Step > 0).Select(bucket => (double?)bucket.Last)],
        };
        var (start, end) = (Math.Max(1, dots.Xs.FirstOrDefault(1)), (double)Math.Max(10, _model.Plan.TotalSteps));
        var line = fit is null ? null : new ChartSeries
        {
            Id = "fit", Name = "fit", Color = "text-2", Style = SeriesStyle.Fit, Silent = true, Xs = [start, end], Ys = [FitAt(fit, start), FitAt(fit, end)],
        };
        var data = new ChartData
        {
            Series = line is null ? [dots] : [dots, line],
            X = AxisScale.Across("step", AxisUnit.Count, start, end, log: true),
            Y = AxisScale.Around("weight distance", AxisUnit.Plain, dots.Ys.Append(fit is null ? null : FitAt(fit, end)).OfType<double>().Where(distance => distance >= 0), fromZero: true),
            Marks = RateDrops.Of([_model.Run.Spec], CurveAxis.Step, end), MarksBelow = true,
        };
        return (data, fit);
    }

    private IEnumerable<SystemChart> OfSystem(string title, string unit, string key, double divisor, double most = 0)
    {
        var line = Line(key, $"{title}, {unit}", _color, SeriesStyle.Line);
        if (line.Xs.Count == 0) yield break;
        line = line with { Ys = [.. line.Ys.Select(value => value / divisor)], EndDot = true };
        yield return new(title, unit, Chart([line], AxisScale.Around(unit, AxisUnit.Plain, line.Ys.OfType<double>().Append(most), fromZero: true)) with { MarksMute = true });
    }

    private static double FitAt(DiffusionFit fit, double step) => fit.Logarithm.At(Math.Log(step));

    private ChartSeries Line(string key, string name, string color, SeriesStyle style)
    {
        var buckets = _model.Series.TryGetValue(key, out var series) ? series.Buckets : [];
        return new ChartSeries
        {
            Id = key, Name = name, Color = color, Style = style,
            Xs = [.. buckets.Select(bucket => bucket.X)], Ys = [.. buckets.Select(bucket => double.IsFinite(bucket.Last) ? bucket.Last : (double?)null)],
        };
    }

    private ChartData Chart(IReadOnlyList<ChartSeries> series, ChartAxis vertical) => new()
    {
        Series = series, X = Across, Y = vertical, Marks = _marks, FutureFrom = _future < _end ? _future : null,
    };
}

/// <summary>A quantity of the machine during a run.</summary>
/// <param name="Title">What it is.</param>
/// <param name="Unit">What its numbers count.</param>
/// <param name="Data">The chart.</param>
public sealed record SystemChart(string Title, string Unit, ChartData Data);
