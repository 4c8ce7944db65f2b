using Tracker.Domain;

namespace Tracker.Web.Views;

/// <summary>A specification typed or pasted as JSON, as its reader judges it.</summary>
/// <param name="Sweep">The sweep; <see langword="null"/> with faults.</param>
/// <param name="Faults">What is wrong, by line.</param>
public sealed record JsonReading(SweepSpec? Sweep, IReadOnlyList<JsonFault> Faults)
{
    public static JsonReading Of(string text)
    {
        var places = new JsonPlaces(text);
        if (places.Broken is { } broken)
            return new(null, [new(broken.Line, "", broken.Reason)]);
        try
        {
            return new(SpecReader.ReadSweep(text), []);
        }
        catch (SpecificationException exception)
        {
            return new(null, [.. exception.Errors.Select(error => new JsonFault(places.LineOf(error.Path), error.Path, error.Message)).OrderBy(fault => fault.Line)]);
        }
    }
}

/// <summary>A fault of a specification in JSON.</summary>
/// <param name="Line">Its line, from 1.</param>
/// <param name="Path">Its field; empty for the whole.</param>
/// <param name="Message">What is wrong, and what would be right.</param>
public sealed record JsonFault(int Line, string Path, string Message);
