using Tracker.Domain;
using Tracker.Storage;
using Tracker.Web.Components.Charts;

namespace Tracker.Web.Views;

/// <summary>What the page Compare shows.</summary>
public sealed record CompareModel
{
    /// <summary>Nothing was chosen.</summary>
    public static readonly CompareModel Nothing = new();

    /// <summary>The chosen runs: by id in the order of the address, by filter newest first.</summary>
    public IReadOnlyList<FoundRun> Runs { get; init; } = [];

    /// <summary>Ids that no run has.</summary>
    public IReadOnlyList<long> Missing { get; init; } = [];

    /// <summary>How many runs the filter matches, or how many ids were given.</summary>
    public int Matching { get; init; }

    /// <summary>What is wrong with the filter.</summary>
    public FilterException? Fault { get; init; }

    /// <summary>The metrics that runs have.</summary>
    public IReadOnlyList<string> Metrics { get; init; } = [];

    /// <summary>The metric that is drawn where none is asked for.</summary>
    public string Usual { get; init; } = MetricNames.ValidationAccuracy;

    /// <summary>The metrics that are drawn, one chart each.</summary>
    public IReadOnlyList<string> Drawn { get; init; } = [];

    /// <summary>The series of what is drawn.</summary>
    public IReadOnlyList<MetricSeries> Series { get; init; } = [];

    /// <summary>From the first position above zero to the last of whole series; <see langword="null"/> without points.</summary>
    public ChartRange? Extent { get; init; }

    /// <summary>What the series were read for: as long as it stays, so do they.</summary>
    public string SeriesKey { get; init; } = "";

    public IReadOnlyList<RunView> Views => [.. Runs.Select(found => found.Run)];
}
