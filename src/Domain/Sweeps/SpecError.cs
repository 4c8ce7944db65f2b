namespace Tracker.Domain;

/// <summary>One fault of a specification.</summary>
/// <param name="Path">The field, such as <c>parameters.learningRate[1]</c>; empty when the whole document is meant.</param>
/// <param name="Message">What was expected and what was found.</param>
public sealed record SpecError(string Path, string Message)
{
    /// <summary>Path and message in one line.</summary>
    public override string ToString() => Path.Length == 0 ? Message : $"{Path}: {Message}";
}

/// <summary>A specification has faults. Trying again without a change does not help.</summary>
public sealed class SpecificationException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="errors">The faults, at least one.</param>
    public SpecificationException(IReadOnlyList<SpecError> errors)
        : base(string.Join('\n', errors.Select(e => e.ToString()))) => Errors = errors;

    /// <summary>All faults that were found.</summary>
    public IReadOnlyList<SpecError> Errors { get; }
}
