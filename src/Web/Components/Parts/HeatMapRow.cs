namespace Tracker.Web.Components.Parts;

/// <summary>A row of the heat map: one technique at one batch size, a cell per seed.</summary>
public sealed record HeatMapRow(Technique Technique, string Batch, IReadOnlyList<HeatMapCell?> Cells);

/// <summary>One run in the heat map.</summary>
/// <param name="State">Its state.</param>
/// <param name="Progress">Share done while it runs.</param>
/// <param name="Accuracy">Final validation accuracy as a share, once it succeeded.</param>
/// <param name="Href">Where the run is.</param>
/// <param name="Name">The run in words: "+RA, batch 4,096, seed 1".</param>
/// <param name="Faded">Not among the states asked for.</param>
public sealed record HeatMapCell(StateLook State, double Progress, double? Accuracy, string Href, string Name, bool Faded = false)
{
    /// <summary>The run.</summary>
    public long RunId { get; init; }

    /// <summary>Whether it is chosen, to be acted on with others.</summary>
    public bool Chosen { get; init; }
}

public enum HeatMapMode
{
    State,
    Accuracy,
}
