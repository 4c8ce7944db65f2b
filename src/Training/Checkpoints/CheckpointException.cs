namespace Tracker.Training;

/// <summary>A checkpoint cannot be used: damaged, of another run, or of another version. Trying again does not help.</summary>
/// <param name="file">The file.</param>
/// <param name="expected">What should have been there.</param>
/// <param name="found">What was there.</param>
/// <param name="cause">What was thrown while reading, if anything.</param>
public sealed class CheckpointException(string file, string expected, string found, Exception? cause = null)
    : Exception($"{file}: expected {expected}, found {found}.", cause)
{
    /// <summary>The file.</summary>
    public string File { get; } = file;
}
