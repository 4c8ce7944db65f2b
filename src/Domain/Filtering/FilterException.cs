namespace Tracker.Domain;

/// <summary>What of a search is at fault.</summary>
public enum FilterPart
{
    /// <summary>The filter.</summary>
    Filter,

    /// <summary>The order.</summary>
    Order,

    /// <summary>The cursor.</summary>
    Cursor,
}

/// <summary>A filter or an order that cannot be understood.</summary>
public sealed class FilterException : Exception
{
    /// <summary>Creates the exception.</summary>
    public FilterException(string message, int position, int length = 0)
        : base(message) => (Position, Length) = (position, length);

    /// <summary>What is at fault.</summary>
    public FilterPart Part { get; init; }

    /// <summary>Where the fault begins: characters from the start of the text.</summary>
    public int Position { get; }

    /// <summary>How many characters are at fault; 0 when something is missing there.</summary>
    public int Length { get; }
}
