using Tracker.Storage;
using Tracker.Web.Formatting;

namespace Tracker.Web.Views.Grid;

/// <summary>Something about runs that the grid can show.</summary>
/// <param name="Name">Its name in the address.</param>
/// <param name="Title">Its head.</param>
/// <param name="Group">Under which it is offered: Run, Setting, Result, Metric.</param>
/// <param name="Width">Its width in rem.</param>
public sealed record RunColumn(string Name, string Title, string Group, double Width)
{
    /// <summary>The field of runs to sort by, if there is one.</summary>
    public string? Sort { get; init; }

    /// <summary>Whether its values are numbers: they stand at the right.</summary>
    public bool Number { get; init; }

    /// <summary>Whether a first click on its head sorts the largest to the top.</summary>
    public bool LargestFirst { get; init; }

    /// <summary>The metric that it shows, if it shows one.</summary>
    public string? Metric { get; init; }

    /// <summary>Its value, where digits and a unit are all that is shown.</summary>
    public Func<FoundRun, Quantity>? Value { get; init; }
}
