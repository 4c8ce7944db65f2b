using MathNet.Numerics;
using Tracker.Storage;
using Tracker.Web.Components.Charts;

namespace Tracker.Web.Views;

/// <summary>Runs as points and as lines across their quantities.</summary>
public static class ComparePlots
{
    private const int Levels = 7;
    private const int MostAxes = 8;

    /// <summary>One quantity against another; a run that lacks one of them has no point.</summary>
    public static ScatterData Scatter(
        IReadOnlyList<FoundRun> runs, IReadOnlyList<CurveGroup> groups, RunQuantity x, RunQuantity y, RunQuantity? color, bool logX, bool logY, bool trend)
    {
        var names = new RunNames([.. runs.Select(found => found.Run)]);
        var (paint, keys) = color is null ? ByGroup(groups) : ByLevel(runs, color);
        var points = new List<ScatterPoint>();
        foreach (var found in runs)
        {
            if (x.Of(found) is not { } right || y.Of(found) is not { } up || !Fits(right, logX) || !Fits(up, logY))
                continue;
            var (token, said) = paint(found);
            points.Add(new(found.Run.Id, names.Of(found.Run), right, up, token, said));
        }
        return new(
            AxisScale.Around(x.Title, x.Unit, points.Select(point => point.X), logX), AxisScale.Around(y.Title, y.Unit, points.Select(point => point.Y), logY),
            points, color?.Title ?? "Curve", keys, trend ? Trend(points, logX, logY) : []);
    }

    /// <summary>The settings in which the runs differ, and their accuracy.</summary>
    public static ParallelData Parallel(IReadOnlyList<FoundRun> runs, IReadOnlyList<CurveGroup> groups)
    {
        var views = runs.Select(found => found.Run).ToArray();
        var names = new RunNames(views);
        var colors = groups.SelectMany(group => group.Runs.Select(run => (run.Id, group.Look.Color))).ToDictionary(pair => pair.Id, pair => pair.Color);
        var words = GroupField.All.Where(field => field.Key is "network" or "dataset" or "technique" or "optimizer").Select(field => Words(runs, field));
        var settings = RunQuantity.Fixed.Where(one => one.Key is "batch" or "ghost" or "rate" or "decay" or "momentum" or "epochs" or "images").Select(one => Numbers(runs, one));
        var varying = words.Concat(settings).Where(axis => axis.Values.OfType<double>().Distinct().Skip(1).Any()).Take(MostAxes - 1);
        var axes = varying.Append(Numbers(runs, RunQuantity.Read("accuracy", "accuracy"))).ToArray();
        return new([.. axes.Select(axis => axis.Axis)],
            [.. runs.Select((found, i) => new ParallelLine(found.Run.Id, names.Of(found.Run), colors.GetValueOrDefault(found.Run.Id, CurveLooks.Grey), [.. axes.Select(axis => axis.Values[i])]))]);
    }

    private static (Func<FoundRun, (string, string)>, IReadOnlyList<ColorKey>) ByGroup(IReadOnlyList<CurveGroup> groups)
    {
        var looks = groups.SelectMany(group => group.Runs.Select(run => (run.Id, Look: (group.Look.Color, group.Name)))).ToDictionary(pair => pair.Id, pair => pair.Look);
        return (found => looks[found.Run.Id], [.. groups.Select(group => new ColorKey(group.Look.Color, group.Name))]);
    }

    private static (Func<FoundRun, (string, string)>, IReadOnlyList<ColorKey>) ByLevel(IReadOnlyList<FoundRun> runs, RunQuantity color)
    {
        var values = runs.Select(color.Of).OfType<double>().Where(double.IsFinite).ToArray();
        var (low, high) = (values.DefaultIfEmpty().Min(), values.DefaultIfEmpty().Max());
        // Settings such as batch sizes are powers of two: on their logarithm they spread over the colours.
        var log = low > 0 && high / low > 20;
        double Share(double value) => high <= low ? 1 : log ? Math.Log(value / low) / Math.Log(high / low) : (value - low) / (high - low);
        string Token(double value) => $"seq-{2 + Math.Clamp((int)(Share(value) * (Levels - 1)), 0, Levels - 2)}";
        (string, string) Paint(FoundRun found) => color.Of(found) is { } value && double.IsFinite(value)
            ? (Token(value), $"{color.Title} {ChartLegend.Text(value, color.Unit)}") : (CurveLooks.Grey, $"no {color.Title.ToLowerInvariant()}");
        var keys = values.Distinct().Count() <= Levels ? values.Distinct().Order() : new[] { low, high }.AsEnumerable();
        return (Paint, values.Length == 0 ? [] : [.. keys.Select(value => new ColorKey(Token(value), ChartLegend.Text(value, color.Unit)))]);
    }

    private static bool Fits(double value, bool log) => double.IsFinite(value) && (!log || value > 0);

    private static double[][] Trend(List<ScatterPoint> points, bool logX, bool logY)
    {
        double Turn(double value, bool log) => log ? Math.Log10(value) : value;
        double Back(double value, bool log) => log ? Math.Pow(10, value) : value;
        var xs = points.Select(point => Turn(point.X, logX)).ToArray();
        if (xs.Distinct().Count() < 2)
            return [];
        var (intercept, slope) = Fit.Line(xs, [.. points.Select(point => Turn(point.Y, logY))]);
        return [.. new[] { xs.Min(), xs.Max() }.Select(x => new[] { Back(x, logX), Back(intercept + slope * x, logY) })];
    }

    private static (ParallelAxis Axis, IReadOnlyList<double?> Values) Numbers(IReadOnlyList<FoundRun> runs, RunQuantity quantity)
    {
        double?[] values = [.. runs.Select(quantity.Of)];
        var finite = values.OfType<double>().Where(double.IsFinite).ToArray();
        var log = finite.Length > 0 && finite.Min() > 0 && finite.Max() / finite.Min() >= 16;
        var scale = AxisScale.Around(quantity.Title, quantity.Unit, finite, log);
        return (new(quantity.Title, quantity.Unit, log, log ? finite.Min() : scale.Min, log ? finite.Max() : scale.Max, []), values);
    }

    private static (ParallelAxis Axis, IReadOnlyList<double?> Values) Words(IReadOnlyList<FoundRun> runs, GroupField field)
    {
        var found = runs.Select(run => field.Of(run.Run)).ToArray();
        var words = found.OrderBy(value => value.Rank).ThenBy(value => value.Text, StringComparer.Ordinal).Select(value => value.Text).Distinct().ToList();
        return (new(field.Title, AxisUnit.Plain, false, 0, Math.Max(1, words.Count - 1), words), [.. found.Select(value => (double?)words.IndexOf(value.Text))]);
    }
}
