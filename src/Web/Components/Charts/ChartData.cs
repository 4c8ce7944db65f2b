using System.Text.Json.Serialization;

namespace Tracker.Web.Components.Charts;

/// <summary>All that a line chart draws. Sent to the browser as it is, so the names are those that chart.js reads.</summary>
public sealed record ChartData
{
    public required IReadOnlyList<ChartSeries> Series { get; init; }

    public required ChartAxis X { get; init; }

    public required ChartAxis Y { get; init; }

    /// <summary>Dotted verticals with a word, such as a drop of the learning rate.</summary>
    public IReadOnlyList<ChartMark> Marks { get; init; } = [];

    /// <summary>Whether the words of the marks stand at the bottom, where rising curves leave room.</summary>
    public bool MarksBelow { get; init; }

    /// <summary>Whether the marks go without words, because a chart beside this one tells them.</summary>
    public bool MarksMute { get; init; }

    /// <summary>Dashed horizontals with a word, such as a clipping threshold.</summary>
    public IReadOnlyList<ChartMark> Levels { get; init; } = [];

    /// <summary>Where what is still to come begins on the x axis.</summary>
    public double? FutureFrom { get; init; }
}

/// <summary>One curve; the points are in order of x.</summary>
public sealed record ChartSeries
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    /// <summary>Colour token without its dashes: series-5, text-3.</summary>
    public required string Color { get; init; }

    public IReadOnlyList<double> Dash { get; init; } = [];

    public required IReadOnlyList<double> Xs { get; init; }

    /// <summary>Values; null is a gap, and so is a value that is not a finite number, which gets a mark.</summary>
    public required IReadOnlyList<double?> Ys { get; init; }

    /// <summary>Lower and upper edge of a band (one standard deviation); both or neither.</summary>
    public IReadOnlyList<double?>? Low { get; init; }

    public IReadOnlyList<double?>? High { get; init; }

    /// <summary>Smallest and largest value of each bucket, drawn lightly behind the run's own curve; both or neither.</summary>
    public IReadOnlyList<double?>? Smallest { get; init; }

    public IReadOnlyList<double?>? Largest { get; init; }

    /// <summary>The values before smoothing, drawn faintly behind those after it.</summary>
    public IReadOnlyList<double?>? Raw { get; init; }

    /// <summary>The runs behind the curve: one, or those whose mean it is.</summary>
    public IReadOnlyList<long> Members { get; init; } = [];

    public SeriesStyle Style { get; init; } = SeriesStyle.Line;

    /// <summary>A dot with a halo at its last point.</summary>
    public bool EndDot { get; init; }

    /// <summary>Not in the legend or readout, such as a fitted line or a plan.</summary>
    public bool Silent { get; init; }
}

[JsonConverter(typeof(JsonStringEnumConverter))]
public enum SeriesStyle
{
    Line,

    /// <summary>A second quantity beside the main one.</summary>
    Thin,

    /// <summary>Points without a line between them.</summary>
    Dots,

    /// <summary>Constant until the next point, as a learning rate is.</summary>
    Steps,

    /// <summary>Dashed and quiet: a fitted line.</summary>
    Fit,

    /// <summary>What is planned: dashed, constant until the next point.</summary>
    Plan,
}

/// <summary>An axis: its scale, what its numbers are, and where its ticks stand.</summary>
/// <param name="Name">Name under the last tick; the log scale is said by the chart.</param>
/// <param name="Unit">How numbers are written.</param>
/// <param name="Log">Logarithmic.</param>
/// <param name="Min">Lower end.</param>
/// <param name="Max">Upper end.</param>
/// <param name="Interval">Distance of ticks; null on a log axis, which has its decades.</param>
public sealed record ChartAxis(string Name, AxisUnit Unit, bool Log, double Min, double Max, double? Interval);

[JsonConverter(typeof(JsonStringEnumConverter))]
public enum AxisUnit
{
    /// <summary>27,430 in readouts, 20 k at ticks.</summary>
    Count,

    /// <summary>A share of one: 93.07 %.</summary>
    Share,

    /// <summary>Seconds: 3 m 12 s.</summary>
    Seconds,

    /// <summary>Three significant digits.</summary>
    Plain,
}

/// <summary>A line across the chart at one value, with a word.</summary>
public sealed record ChartMark(double At, string Text);
