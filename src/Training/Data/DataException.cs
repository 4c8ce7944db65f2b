namespace Tracker.Training;

/// <summary>A data file is missing or is not what it should be. Trying again without a change does not help.</summary>
public sealed class DataException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="file">The file.</param>
    /// <param name="expected">What should have been there.</param>
    /// <param name="found">What was there.</param>
    /// <param name="cause">What was thrown while reading, if anything.</param>
    public DataException(string file, string expected, string found, Exception? cause = null)
        : base($"{file}: expected {expected}, found {found}.", cause)
    {
        File = file;
        Expected = expected;
        Found = found;
    }

    /// <summary>The file.</summary>
    public string File { get; }

    /// <summary>What should have been there.</summary>
    public string Expected { get; }

    /// <summary>What was there.</summary>
    public string Found { get; }
}
