using Tracker.Domain;

namespace Tracker.Web.Api;

/// <summary>Collects the faults of a request's values and throws them together.</summary>
public sealed class Checks
{
    private readonly List<SpecError> _errors = [];

    public Checks Range(string field, long? value, long min, long max) =>
        Require(field, value is null || (value >= min && value <= max), $"Expected a whole number from {min} to {max}, found {value}.");

    public Checks Length(string field, string? value, int min, int max) =>
        Require(field, value is null || (value.Trim().Length >= min && value.Length <= max), $"Expected {min} to {max} characters, found {value?.Trim().Length}.");

    public Checks Require(string field, bool holds, string message)
    {
        if (!holds) _errors.Add(new(field, message));
        return this;
    }

    /// <exception cref="SpecificationException">There are faults.</exception>
    public void Throw()
    {
        if (_errors.Count > 0) throw new SpecificationException(_errors);
    }
}
