namespace Tracker.Jobs.Data;

/// <summary>A data set could not be obtained, for people. What was received so far is kept; a later try goes on from there.</summary>
internal sealed class DownloadException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>What went wrong with one mirror.</summary>
/// <param name="temporary">Whether asking it again may help.</param>
internal sealed class MirrorException(string message, bool temporary, Exception? inner = null) : Exception(message, inner)
{
    public bool Temporary { get; } = temporary;
}
