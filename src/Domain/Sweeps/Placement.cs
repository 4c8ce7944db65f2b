namespace Tracker.Domain;

/// <summary>What the runs of a sweep ask of the place where they train; no part of the experiment.</summary>
public sealed record Placement
{
    /// <summary>
    /// Whether each run gets its device for itself, so that its seconds tell how fast it is. A finished run that shared its device does
    /// not stand for such a run.
    /// </summary>
    public bool Timing { get; init; }

    /// <summary>Labels that a host must have, all of them; lower case.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>Memory that the device must have for each of the runs, in GB (10⁹ bytes), or <see langword="null"/> for any.</summary>
    public double? DeviceMemoryGb { get; init; }
}

/// <summary>What a label of a host looks like.</summary>
public static class HostLabels
{
    /// <summary>The most labels that a host may have, or a sweep may ask for.</summary>
    public const int Most = 20;

    private const int Longest = 50;

    /// <summary>What is expected of a label, for error messages.</summary>
    public static string Rule => $"Expected labels of 1 to {Longest} lower-case letters, digits, '-', '_' or '.', each once, at most {Most}.";

    /// <summary>Whether a text is a label.</summary>
    /// <param name="text">The text.</param>
    public static bool IsLabel(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length is > 0 and <= Longest && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '_' or '.');
    }
}
