using System.Runtime.InteropServices;
using Tracker.Domain;

namespace Tracker.Training;

/// <summary>Loss, gradient or weights are no finite numbers any more; no later step can repair it. Trying again gives the same.</summary>
/// <param name="step">The step at which it was seen.</param>
/// <param name="metric">What was not finite.</param>
/// <param name="value">Its value.</param>
public sealed class TrainingDivergedException(long step, string metric, double value)
    : Exception($"Training diverged: {metric} is {value} at step {step}. A smaller learning rate, or clipping, may help.")
{
    /// <summary>The step at which it was seen.</summary>
    public long Step { get; } = step;
}

/// <summary>Memory does not suffice.</summary>
public sealed class TrainingOutOfMemoryException : Exception
{
    private TrainingOutOfMemoryException(string details, BatchSplit? split, Exception? cause)
        : base($"Out of memory; a smaller batch needs less. {(split is { IsPossible: false } ? Advice : "")}{details}", cause)
    {
    }

    private const string Advice = "With +gbn, or without normalization, a batch can also be processed in parts. ";

    /// <summary>An allocation has failed.</summary>
    /// <param name="cause">What libtorch or the runtime said.</param>
    /// <param name="split">How the batch may be split, if that is known.</param>
    public TrainingOutOfMemoryException(Exception cause, BatchSplit? split = null) : this(FirstLine(cause), split, cause)
    {
    }

    /// <summary>An allocation would fail.</summary>
    /// <param name="needed">Bytes that are needed.</param>
    /// <param name="free">Bytes that are free.</param>
    /// <param name="samples">Samples that have to be processed together.</param>
    /// <param name="split">How the batch may be split.</param>
    public static TrainingOutOfMemoryException Foreseen(long needed, long free, int samples, BatchSplit split) =>
        new($"{samples} samples that have to be processed together need about {needed >> 20} MiB, and {free >> 20} MiB are free.", split, null);

    private static string FirstLine(Exception cause)
    {
        ArgumentNullException.ThrowIfNull(cause);
        return cause.Message.Split('\n')[0];
    }

    /// <summary>Whether an exception says that memory did not suffice, on the host or on a GPU.</summary>
    /// <param name="exception">The exception.</param>
    public static bool IsOutOfMemory(Exception exception) => exception switch
    {
        OutOfMemoryException => true,
        ExternalException e => s_phrases.Any(p => e.Message.Contains(p, StringComparison.OrdinalIgnoreCase)),
        _ => false,
    };

    /// <summary>How libtorch's allocators put it.</summary>
    private static readonly string[] s_phrases = ["out of memory", "can't allocate memory", "not enough memory"];
}

/// <summary>Which exit code a training process ends with.</summary>
public static class TrainingExitCode
{
    /// <summary>The exit code that belongs to a failure, or <see langword="null"/> for one without a code of its own.</summary>
    /// <param name="failure">What ended the training.</param>
    public static int? For(Exception failure) => failure switch
    {
        SpecificationException => ExitCodes.BadSpecification,
        DataException or CheckpointException => ExitCodes.BadData,
        TrainingOutOfMemoryException => ExitCodes.OutOfMemory,
        TrainingDivergedException => ExitCodes.Diverged,
        _ => null,
    };
}
