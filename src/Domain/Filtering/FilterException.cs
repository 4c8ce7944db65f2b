namespace Tracker.Domain;

/// <summary>A filter or an order that cannot be understood.</summary>
public sealed class FilterException : Exception
{
    /// <summary>Creates the exception.</summary>
    public FilterException(string message, int position, int length = 0)
        : base(message) => (Position, Length) = (position, length);

    /// <summary>Where the fault begins: characters from the start of the text.</summary>
    public int Position { get; }

    /// <summary>How many characters are at fault; 0 when something is missing there.</summary>
    public int Length { get; }
}
