using System.Runtime.InteropServices;

namespace Tracker.Web.Components.Charts;

/// <summary>What is sent to the browser: the numbers as doubles in one block, and what says where they are. Only what differs from what the browser has.</summary>
/// <param name="Frame">Axes and marks; <see langword="null"/> when they stay.</param>
/// <param name="Order">Ids of all series in order; <see langword="null"/> when they stay. A series that is not named is gone.</param>
/// <param name="Series">The series that changed.</param>
public sealed record ChartMessage(ChartFrame? Frame, IReadOnlyList<string>? Order, IReadOnlyList<SeriesMessage> Series)
{
    public bool IsEmpty => Frame is null && Order is null && Series.Count == 0;
}

/// <summary>A chart without its series.</summary>
public sealed record ChartFrame(
    ChartAxis X, ChartAxis Y, IReadOnlyList<ChartMark> Marks, bool MarksBelow, bool MarksMute, IReadOnlyList<ChartMark> Levels, double? FutureFrom)
{
    public static ChartFrame Of(ChartData data) => new(data.X, data.Y, data.Marks, data.MarksBelow, data.MarksMute, data.Levels, data.FutureFrom);

    public bool Same(ChartFrame other) =>
        X == other.X && Y == other.Y && MarksBelow == other.MarksBelow && MarksMute == other.MarksMute && FutureFrom == other.FutureFrom
        && Marks.SequenceEqual(other.Marks) && Levels.SequenceEqual(other.Levels);
}

/// <summary>How a series looks.</summary>
public sealed record SeriesLook(string Name, string Color, IReadOnlyList<double> Dash, SeriesStyle Style, bool EndDot, bool Silent, int Members)
{
    public static SeriesLook Of(ChartSeries series) =>
        new(series.Name, series.Color, series.Dash, series.Style, series.EndDot, series.Silent, series.Members.Count);

    public bool Same(SeriesLook other) => this with { Dash = other.Dash } == other && Dash.SequenceEqual(other.Dash);
}

/// <summary>Points of a series. Offsets count doubles; each of the columns has <paramref name="Count"/> of them, and a missing column has no offset.</summary>
/// <param name="Id">The series.</param>
/// <param name="Look">How it looks; <see langword="null"/> when that stays.</param>
/// <param name="Keep">How many of the points that the browser has stay, from the first.</param>
/// <param name="Count">How many points follow them.</param>
/// <param name="Xs">Positions; series that share them share the offset.</param>
/// <param name="Columns">Offsets by name: ys, low, high, smallest, largest, raw. A gap is NaN, a value that is not finite is infinity.</param>
public sealed record SeriesMessage(string Id, SeriesLook? Look, int Keep, int Count, int Xs, IReadOnlyDictionary<string, int> Columns);

/// <summary>Writes what changed between two states of a chart.</summary>
public static class ChartWire
{
    /// <summary>What turns <paramref name="sent"/> (<see langword="null"/>: an empty chart) into <paramref name="data"/>.</summary>
    public static (ChartMessage Message, byte[] Numbers) Difference(ChartData? sent, ChartData data)
    {
        var frame = ChartFrame.Of(data);
        var numbers = new List<double>();
        var before = sent?.Series.ToDictionary(series => series.Id) ?? [];
        var changed = new List<SeriesMessage>();
        var shared = (Xs: (IReadOnlyList<double>)[], Keep: -1, Offset: 0);
        foreach (var series in data.Series)
        {
            var old = before.GetValueOrDefault(series.Id);
            if (ReferenceEquals(old, series))
                continue;
            var look = SeriesLook.Of(series);
            var keep = old is null ? 0 : Common(old, series);
            var sameLook = old is not null && look.Same(SeriesLook.Of(old));
            if (sameLook && keep == series.Xs.Count && keep == old!.Xs.Count)
                continue;
            if (shared.Keep != keep || !shared.Xs.SequenceEqual(series.Xs))
            {
                shared = (series.Xs, keep, numbers.Count);
                numbers.AddRange(series.Xs.Skip(keep));
            }
            changed.Add(new(series.Id, sameLook ? null : look, keep, series.Xs.Count - keep, shared.Offset, Write(series, keep, numbers)));
        }
        var order = sent is not null && sent.Series.Select(series => series.Id).SequenceEqual(data.Series.Select(series => series.Id))
            ? null : data.Series.Select(series => series.Id).ToArray();
        return (new(sent is not null && frame.Same(ChartFrame.Of(sent)) ? null : frame, order, changed), MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(numbers)).ToArray());
    }

    private static Dictionary<string, int> Write(ChartSeries series, int keep, List<double> numbers)
    {
        var columns = new Dictionary<string, int>();
        foreach (var (name, values) in Columns(series))
        {
            if (values is null)
                continue;
            columns[name] = numbers.Count;
            for (var i = keep; i < series.Xs.Count; i++)
                numbers.Add(values[i] is { } value ? double.IsFinite(value) ? value : double.PositiveInfinity : double.NaN);
        }
        return columns;
    }

    private static IEnumerable<(string Name, IReadOnlyList<double?>? Values)> Columns(ChartSeries series) =>
        [("ys", series.Ys), ("low", series.Low), ("high", series.High), ("smallest", series.Smallest), ("largest", series.Largest), ("raw", series.Raw)];

    /// <summary>How many points from the first are the same in both.</summary>
    private static int Common(ChartSeries a, ChartSeries b)
    {
        var common = Common(a.Xs, b.Xs, Math.Min(a.Xs.Count, b.Xs.Count));
        foreach (var (left, right) in Columns(a).Zip(Columns(b), (left, right) => (left.Values, right.Values)))
        {
            if (left is null != right is null)
                return 0;
            if (left is not null)
                common = Common(left, right!, common);
        }
        return common;
    }

    private static int Common<T>(IReadOnlyList<T> a, IReadOnlyList<T> b, int most)
    {
        var equal = EqualityComparer<T>.Default;
        var common = 0;
        while (common < most && equal.Equals(a[common], b[common]))
            common++;
        return common;
    }
}
