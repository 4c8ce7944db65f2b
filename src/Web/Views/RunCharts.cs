using Tracker.Domain;
using Tracker.Web.Components.Charts;

namespace Tracker.Web.Views;

/// <summary>The charts of one run. All but the weight distance share the horizontal axis.</summary>
public sealed class RunCharts
{
    private const double Giga = 1e9;

    private readonly RunModel _model;
    private readonly CurveAxis _axis;
    private readonly double _end;
    private readonly double? _future;
    private readonly string _color;
    private readonly IReadOnlyList<ChartMark> _marks;

    public RunCharts(RunModel model)
    {
        _model = model;
        _axis = model.Settings.X;
        _color = $"series-{model.Run.Spec.Technique().Series}";
        _end = _axis switch
        {
            CurveAxis.Epoch when model.Plan is { } plan => plan.Epochs,
            CurveAxis.Step when model.Plan is { } plan => plan.TotalSteps,
            CurveAxis.Samples when model.Plan is { } plan => (double)plan.Epochs * model.Run.Spec.TrainingSplit,
            _ => Math.Max(_axis == CurveAxis.Time ? 60 : 1, model.Curves.All.SelectMany(series => series.Buckets).Select(bucket => bucket.X).DefaultIfEmpty().Max()),
        };
        _future = _axis switch
        {
            _ when model.Plan is null || model.Run.State.IsFinal() || model.Run.Progress is null => null,
            CurveAxis.Epoch => model.Run.Progress.Epoch,
            CurveAxis.Step => model.Run.Progress.Step,
            CurveAxis.Samples => model.Run.Progress.Epoch * model.Run.Spec.TrainingSplit,
            _ => null,
        };
        _marks = model.Plan is null ? [] : RateDrops.Of([model.Run.Spec], _axis, _end);
        Accuracy = Pair("Accuracy", AxisUnit.Share, MetricNames.ValidationAccuracy, MetricNames.TrainAccuracy) with { MarksBelow = true };
        Loss = Pair("Loss", AxisUnit.Plain, MetricNames.ValidationLoss, MetricNames.TrainLoss) with { MarksMute = true };
        LearningRate = Rate() with { MarksMute = true };
        GradientNorm = Gradient() with { MarksMute = true };
        (WeightDistance, Fit) = Distance();
    }

    public ChartData Accuracy { get; }

    public ChartData Loss { get; }

    public ChartData LearningRate { get; }

    public ChartData GradientNorm { get; }

    public ChartData WeightDistance { get; }

    /// <summary>The line through the weight distance, up to the first change of the learning rate.</summary>
    public DiffusionFit? Fit { get; }

    /// <summary>The charts of a section: one for each of its metrics, or for layers one with all of them.</summary>
    public IReadOnlyList<SectionChart> Of(CurveSection section) => section.Key == CurveSections.Layers
        ? [Layers(section)]
        : [.. section.Metrics.Select(One).OfType<SectionChart>()];

    private ChartAxis Across => AxisScale.Across(_axis.Name(), _axis.Unit(), _model.Settings.LogX ? Start : 0, _end, _model.Settings.LogX);

    private double Start => _model.Curves.All.Where(series => series.Buckets.Count > 0).Select(series => series.Buckets[0].X).Where(x => x > 0).DefaultIfEmpty(1).Min();

    private ChartData Pair(string name, AxisUnit unit, string validation, string train)
    {
        var series = new[]
        {
            Line(train, "training", "text-3", SeriesStyle.Thin),
            Line(validation, "validation", _color, SeriesStyle.Line) with { EndDot = true },
        };
        // The first steps fall far outside what follows: they may leave the chart at the bottom or top.
        var values = series.SelectMany(one => one.Ys.Skip(one.Ys.Count > 20 ? 2 : 0)).OfType<double>();
        return Chart([.. series.Reverse()], Around(name, unit, values));
    }

    private ChartData Rate()
    {
        if (_model.Plan is not { } plan)
            return Chart([Line(MetricNames.LearningRate, "learning rate", _color, SeriesStyle.Steps)], Around("learning rate", AxisUnit.Plain, []));
        var phases = plan.Schedule.Phases;
        double At(long step) => _axis switch
        {
            CurveAxis.Epoch => (double)step / plan.StepsPerEpoch,
            CurveAxis.Samples => (double)step / plan.StepsPerEpoch * _model.Run.Spec.TrainingSplit,
            _ => step,
        };
        var measured = Line(MetricNames.LearningRate, "learning rate", _color, SeriesStyle.Steps);
        var planned = new ChartSeries
        {
            Id = "plan", Name = "planned", Color = _color, Style = SeriesStyle.Plan, Silent = true,
            Xs = [.. phases.Select(phase => At(phase.StartStep)), At(plan.TotalSteps)],
            Ys = [.. phases.Select(phase => (double?)phase.LearningRate), phases[^1].LearningRate],
        };
        var axis = AxisScale.Around("learning rate", AxisUnit.Plain, phases.Select(phase => phase.LearningRate), log: true);
        return Chart(_axis == CurveAxis.Time ? [measured] : [planned, measured], axis);
    }

    private ChartData Gradient()
    {
        var clip = _model.Run.Spec.Parameters.Clip;
        var line = Line(MetricNames.GradientNorm, "gradient norm", _color, SeriesStyle.Thin);
        var highest = line.Ys.OfType<double>().DefaultIfEmpty().Max();
        var shown = clip > 0 && clip < 2 * highest;
        var axis = Around("gradient norm", AxisUnit.Plain, line.Ys.OfType<double>().Append(shown ? clip : 0), fromZero: true);
        return Chart([line], axis) with { Levels = shown ? [new(clip, "clipped")] : [] };
    }

    private (ChartData, DiffusionFit?) Distance()
    {
        var buckets = _model.Distance.All.FirstOrDefault()?.Buckets ?? [];
        var last = _model.Plan?.TotalSteps ?? _model.Run.Progress?.Step ?? 0;
        var firstChange = (_model.Plan?.Schedule.Phases ?? []).Skip(1).Select(phase => (double)phase.StartStep).FirstOrDefault(last);
        var fit = DiffusionFit.Through(buckets.Select(bucket => ((double)bucket.Step, bucket.Last)), firstChange);
        var dots = new ChartSeries
        {
            Id = "distance", Name = "weight distance", Color = _color, Style = SeriesStyle.Dots,
            Xs = [.. buckets.Where(bucket => bucket.Step > 0).Select(bucket => (double)bucket.Step)],
            Ys = [.. buckets.Where(bucket => bucket.Step > 0).Select(bucket => (double?)bucket.Last)],
        };
        var (start, end) = (Math.Max(1, dots.Xs.FirstOrDefault(1)), (double)Math.Max(10, last));
        var line = fit is null ? null : new ChartSeries
        {
            Id = "fit", Name = "fit", Color = "text-2", Style = SeriesStyle.Fit, Silent = true, Xs = [start, end], Ys = [FitAt(fit, start), FitAt(fit, end)],
        };
        var data = new ChartData
        {
            Series = line is null ? [dots] : [dots, line],
            X = AxisScale.Across("step", AxisUnit.Count, start, end, log: true),
            Y = AxisScale.Around("weight distance", AxisUnit.Plain, dots.Ys.Append(fit is null ? null : FitAt(fit, end)).OfType<double>().Where(distance => distance >= 0), fromZero: true),
            Marks = _model.Plan is null ? [] : RateDrops.Of([_model.Run.Spec], CurveAxis.Step, end), MarksBelow = true,
        };
        return (data, fit);
    }

    private SectionChart? One(string metric)
    {
        var (title, unit, divisor, most) = metric switch
        {
            MetricNames.SystemCpu => ("CPU", "cores in use", 1, 0),
            MetricNames.SystemMemory => ("Memory", "GB", Giga, 0),
            MetricNames.SystemGpu => ("GPU", "% busy", 1, 100.0),
            MetricNames.SystemGpuMemory => ("GPU memory", "GB", Giga, 0),
            _ => (MetricTitles.Of(metric).Title, "", 1.0, 0.0),
        };
        var of = MetricNames.IsOfSystem(metric) ? AxisUnit.Plain : MetricTitles.Of(metric).Unit;
        var line = Line(metric, unit.Length == 0 ? title : $"{title}, {unit}", _color, SeriesStyle.Line);
        if (line.Xs.Count == 0)
            return null;
        line = line with { Ys = [.. line.Ys.Select(value => value / divisor)], Raw = line.Raw?.Select(value => value / divisor).ToArray(), EndDot = true };
        var axis = Around(unit.Length == 0 ? title : unit, of, line.Ys.OfType<double>().Append(most > 0 ? most : line.Ys.OfType<double>().FirstOrDefault()), fromZero: MetricNames.IsOfSystem(metric));
        return new(title, unit, Chart([line], axis) with { MarksMute = true });
    }

    private SectionChart Layers(CurveSection section)
    {
        var names = section.Metrics.Select(metric => metric[MetricNames.LayerDistancePrefix.Length..]).ToArray();
        var lines = section.Metrics.Zip(names, CurveLooks.OfNames(names)).Select(layer =>
            Line(layer.First, layer.Second, layer.Third.Color, SeriesStyle.Line) with { Dash = layer.Third.Dash }).Where(line => line.Xs.Count > 0).ToArray();
        return new("Weight distance of each layer", "", Chart(lines, Around("weight distance", AxisUnit.Plain, lines.SelectMany(line => line.Ys).OfType<double>(), fromZero: true)));
    }

    private ChartAxis Around(string name, AxisUnit unit, IEnumerable<double> values, bool fromZero = false)
    {
        var log = _model.Settings.LogY && unit != AxisUnit.Share;
        return AxisScale.Around(name, unit, values, log, fromZero && !log);
    }

    private static double FitAt(DiffusionFit fit, double step) => fit.Logarithm.At(Math.Log(step));

    private ChartSeries Line(string key, string name, string color, SeriesStyle style)
    {
        var buckets = _model.Series(key)?.Buckets ?? [];
        var values = Array.ConvertAll([.. buckets], bucket => double.IsFinite(bucket.Last) ? bucket.Last : (double?)null);
        var smoothed = _model.Settings.Smoothing > 0 && key != MetricNames.LearningRate;
        return new ChartSeries
        {
            Id = key, Name = name, Color = color, Style = style, Xs = [.. buckets.Select(bucket => bucket.X)],
            Ys = smoothed ? SeedCurve.Smooth(values, _model.Settings.Smoothing) : values, Raw = smoothed ? values : null,
        };
    }

    private ChartData Chart(IReadOnlyList<ChartSeries> series, ChartAxis vertical) => new()
    {
        Series = series, X = Across, Y = vertical, Marks = _marks, FutureFrom = _future < _end ? _future : null,
    };
}

/// <summary>A chart of a section.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="Unit">What its numbers count, where the title does not say it.</param>
/// <param name="Data">The chart.</param>
public sealed record SectionChart(string Title, string Unit, ChartData Data);
