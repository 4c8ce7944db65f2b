namespace Tracker.Web.Components.Charts;

/// <summary>Runs as points of two quantities. Sent to the browser as it is.</summary>
/// <param name="X">Horizontal axis.</param>
/// <param name="Y">Vertical axis.</param>
/// <param name="Points">The points.</param>
/// <param name="ColorTitle">What the colours tell.</param>
/// <param name="Keys">The colours with their words, in order.</param>
/// <param name="Trend">Both ends of the straight line through the points, if there is one.</param>
public sealed record ScatterData(ChartAxis X, ChartAxis Y, IReadOnlyList<ScatterPoint> Points, string ColorTitle, IReadOnlyList<ColorKey> Keys, IReadOnlyList<double[]> Trend);

/// <summary>A point.</summary>
/// <param name="Id">The run.</param>
/// <param name="Name">What it is called.</param>
/// <param name="X">Horizontal position.</param>
/// <param name="Y">Vertical position.</param>
/// <param name="Color">Colour token without its dashes.</param>
/// <param name="Said">What its colour says.</param>
public sealed record ScatterPoint(long Id, string Name, double X, double Y, string Color, string Said);

/// <summary>A colour and what it tells.</summary>
public sealed record ColorKey(string Color, string Name);

/// <summary>Runs as lines across several quantities. Sent to the browser as it is.</summary>
/// <param name="Axes">The quantities.</param>
/// <param name="Lines">The runs.</param>
public sealed record ParallelData(IReadOnlyList<ParallelAxis> Axes, IReadOnlyList<ParallelLine> Lines);

/// <summary>An axis of a parallel plot: numbers, or the words of <paramref name="Words"/>, by their place.</summary>
public sealed record ParallelAxis(string Name, AxisUnit Unit, bool Log, double Min, double Max, IReadOnlyList<string> Words);

/// <summary>A run: its value on each axis; <see langword="null"/> where it has none.</summary>
public sealed record ParallelLine(long Id, string Name, string Color, IReadOnlyList<double?> Values);
