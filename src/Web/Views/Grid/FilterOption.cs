namespace Tracker.Web.Views.Grid;

/// <summary>Something that a filter can go on with.</summary>
/// <param name="Text">What is offered.</param>
/// <param name="Note">What it means.</param>
/// <param name="Before">The filter for which it is offered.</param>
/// <param name="After">The filter with it.</param>
/// <param name="Caret">Where the caret is then.</param>
public sealed record FilterOption(string Text, string Note, string Before, string After, int Caret)
{
    /// <summary>Whether it ends a word that was begun.</summary>
    public bool Begun { get; init; }

    /// <summary>Whether it is a whole filter that was applied before.</summary>
    public bool Recent { get; init; }

    /// <summary>A whole filter that was applied before.</summary>
    public static FilterOption Again(string before, string filter) => new(filter, "recent", before, filter, filter.Length) { Recent = true };
}
