namespace Tracker.Web.Components.Parts;

/// <summary>What one cell of Table 1 shows.</summary>
public sealed record PaperCellView
{
    /// <summary>The cell in words: "F1 +RA".</summary>
    public required string Name { get; init; }

    /// <summary>Where its runs are; null where there are none.</summary>
    public string? Href { get; init; }

    /// <summary>Mean over the finished seeds, as a share.</summary>
    public double? Mean { get; init; }

    /// <summary>Their standard deviation, with two of them or more.</summary>
    public double? Std { get; init; }

    public int Done { get; init; }

    /// <summary>All seeds, finished or not.</summary>
    public int Total { get; init; }

    public int Failed { get; init; }

    public int Running { get; init; }

    /// <summary>How far all of its runs are together.</summary>
    public double Progress { get; init; }

    /// <summary>The paper's number as it prints it, in percent: "98.27".</summary>
    public string? Paper { get; init; }

    /// <summary>Letter of a footnote at the paper's number.</summary>
    public string? PaperNote { get; init; }

    /// <summary>Ours minus the paper's, as a share.</summary>
    public double? Difference { get; init; }

    /// <summary>Best mean of its row.</summary>
    public bool Best { get; init; }

    /// <summary>Letter of a footnote.</summary>
    public string? Note { get; init; }

    /// <summary>Past two standard deviations a difference gets a colour.</summary>
    public string DifferenceCss => Difference is { } difference && Std is { } std && Math.Abs(difference) > 2 * std
        ? difference > 0 ? "above" : "below"
        : "";
}
