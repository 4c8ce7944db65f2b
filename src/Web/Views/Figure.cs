using Tracker.Web.Components.Charts;

namespace Tracker.Web.Views;

/// <summary>A figure: a chart with a caption that says what it shows, or what would make it.</summary>
/// <param name="Id">Its name in addresses.</param>
/// <param name="Title">What is drawn.</param>
/// <param name="Data">The chart; <see langword="null"/> while there is nothing to draw.</param>
/// <param name="Caption">What is shown, over how many runs, and what it corresponds to in the paper.</param>
/// <param name="RunIds">The runs behind it.</param>
public sealed record Figure(string Id, string Title, ChartData? Data, string Caption, IReadOnlyList<long> RunIds)
{
    /// <summary>A form filled in with what is missing, if it can be told.</summary>
    public string? PlanHref { get; init; }

    /// <summary>What the link to that form says.</summary>
    public string PlanText { get; init; } = "";

    /// <summary>Numbers below the chart, such as slopes: what and how much.</summary>
    public IReadOnlyList<(string Name, string Value)> Facts { get; init; } = [];
}

/// <summary>Figures that belong together, with a title and what they are about.</summary>
public sealed record FigureGroup(string Title, string About, IReadOnlyList<Figure> Figures);
