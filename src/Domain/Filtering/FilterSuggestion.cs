namespace Tracker.Domain;

/// <summary>What a suggestion is.</summary>
public enum FilterSuggestionKind
{
    /// <summary>A field.</summary>
    Field,

    /// <summary>An operator.</summary>
    Operator,

    /// <summary>A value.</summary>
    Value,

    /// <summary>A word between comparisons, or a parenthesis.</summary>
    Connector,
}

/// <summary>What may stand at a place of a filter.</summary>
/// <param name="Text">As the filter writes it.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Detail">What people call it, where that says more; else empty.</param>
public sealed record FilterSuggestion(string Text, FilterSuggestionKind Kind, string Detail = "");
