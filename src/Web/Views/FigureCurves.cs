using Tracker.Domain;
using Tracker.Storage;
using Tracker.Web.Components.Charts;
using Tracker.Web.Formatting;

namespace Tracker.Web.Views;

/// <summary>Curves of rows: mean over seeds with one standard deviation to both sides.</summary>
/// <param name="model">What the page shows.</param>
/// <param name="without">A method that is drawn in its own look beside the batches of another one.</param>
public sealed class FigureCurves(FiguresModel model, Method? without = null)
{
    private static readonly IReadOnlyList<double>[] s_dashes = [[], [9, 4], [2.5, 4]];

    /// <summary>Validation error of some rows, along epochs or steps.</summary>
    public ChartData? Errors(IReadOnlyList<LeaderboardRow> rows, CurveAxis axis, bool log = false)
    {
        var series = rows.Select(row => Mean(row, model.Errors, axis, value => 1 - value)).OfType<ChartSeries>().ToList();
        if (series.Count == 0)
            return null;
        var end = series.Max(one => one.Xs[^1]);
        // Before the first epochs the error is that of guessing: those points may leave the chart at the top.
        var values = series.SelectMany(one => one.Ys.Skip(one.Ys.Count > 8 ? 1 : 0).Concat(one.Low ?? [])).OfType<double>();
        return new()
        {
            Series = series,
            X = AxisScale.Across(axis.Name(), AxisUnit.Count, log ? Math.Max(1, series.Min(one => one.Xs[0])) : 0, end, log),
            Y = AxisScale.Around("validation error", AxisUnit.Share, values, fromZero: false),
        };
    }

    /// <summary>Weight distance of some rows against the logarithm of steps, with the lines of equation (4) up to the first change of the rate.</summary>
    public (ChartData? Data, IReadOnlyList<(string, string)> Slopes) Distances(IReadOnlyList<LeaderboardRow> rows)
    {
        var (series, lines, slopes) = (new List<ChartSeries>(), new List<ChartSeries>(), new List<(string, string)>());
        foreach (var row in rows)
        {
            if (Mean(row, model.Distances, CurveAxis.Step, value => value) is not { } curve)
                continue;
            series.Add(curve);
            var points = curve.Xs.Zip(curve.Ys).Where(point => point.Second is not null).Select(point => (point.First, point.Second!.Value)).ToList();
            if (DiffusionFit.Through(points, FirstDrop(row)) is not { } fit)
                continue;
            double[] ends = [Math.Max(1, fit.From), Math.Max(fit.To, fit.From * 2)];
            lines.Add(new()
            {
                Id = $"{curve.Id}-fit", Name = $"{curve.Name} fit", Color = curve.Color, Style = SeriesStyle.Fit, Silent = true,
                Xs = ends, Ys = [.. ends.Select(x => (double?)fit.Logarithm.At(Math.Log(x)))],
            });
            slopes.Add((curve.Name, Numbers.Significant(fit.Logarithm.Slope)));
        }
        if (series.Count == 0)
            return (null, []);
        var start = Math.Max(1, series.Min(one => one.Xs.FirstOrDefault(x => x >= 1, 1)));
        return (new()
        {
            Series = [.. series, .. lines],
            X = AxisScale.Across("step", AxisUnit.Count, start, series.Max(one => one.Xs[^1]), log: true),
            Y = AxisScale.Around("weight distance", AxisUnit.Plain, series.SelectMany(one => one.Ys.Concat(one.High ?? [])).OfType<double>(), fromZero: true),
        }, slopes);
    }

    private ChartSeries? Mean(LeaderboardRow row, IReadOnlyDictionary<long, MetricSeries> found, CurveAxis axis, Func<double, double> turn)
    {
        IReadOnlyList<long> drawn = [.. row.RunIds.Take(FiguresModel.MostSeeds)];
        var curves = drawn.Select(id => found.GetValueOrDefault(id)).OfType<MetricSeries>()
            .Select(series => (IReadOnlyList<(double, double)>)[.. series.Buckets
                .Where(bucket => double.IsFinite(bucket.Last) && bucket.Step > 0)
                .Select(bucket => (axis == CurveAxis.Step ? bucket.Step : bucket.X, turn(bucket.Last)))])
            .Where(curve => curve.Count > 0).ToArray();
        if (curves.Length == 0)
            return null;
        var mean = SeedCurve.Of(curves);
        var look = Look(row.Settings);
        return new()
        {
            Id = row.Settings.Id, Name = Name(row.Settings), Color = look.Color, Dash = look.Dash, Members = drawn, EndDot = true,
            Xs = mean.Xs, Ys = mean.Mean, Low = mean.Low, High = mean.High,
        };
    }

    // The small batch has its technique's colour; a large batch has one that no technique takes, the same in every figure. In the figure of
    // regime adaptation, what goes without it keeps the look of its technique.
    private CurveLook Look(ExperimentSettings settings)
    {
        if (!settings.Method.LargeBatch || settings.Method == without)
        {
            var technique = Components.Parts.Technique.Of(settings.Method);
            return new($"series-{technique.Series}", technique.Dash);
        }
        var place = model.LargeBatches.Index().First(batch => batch.Item == settings.Batch).Index;
        return new($"series-{6 + place % 3}", s_dashes[place / 3 % 3]);
    }

    private static string Name(ExperimentSettings settings) =>
        settings.Method.LargeBatch ? $"{Components.Parts.Technique.Of(settings.Method).Name} {Numbers.Count(settings.Batch)}" : $"SB {Numbers.Count(settings.Batch)}";

    /// <summary>The step of the first change of the learning rate: equation (4) is about the phase before it.</summary>
    private double FirstDrop(LeaderboardRow row)
    {
        if (!model.Specs.TryGetValue(row.RunIds[0], out var spec))
            return row.Steps;
        return RunPlan.For(spec).Schedule.Phases.Skip(1).Select(phase => (double)phase.StartStep).FirstOrDefault(row.Steps);
    }
}
