using static TorchSharp.torch;

namespace Tracker.Training;

/// <summary>A checkpoint to go on from.</summary>
/// <param name="Path">The file.</param>
/// <param name="Sha256">Its SHA-256 when it was recorded elsewhere; the file also carries one of its own.</param>
public sealed record ResumePoint(string Path, string? Sha256 = null);

/// <summary>How and where a run is trained. Nothing here changes what is trained, except the kind of device and the number of threads.</summary>
public sealed record TrainingOptions
{
    /// <summary>
    /// Where checkpoints go, as <c>checkpoint-STEP.safetensors</c> (<c>checkpoint-STEP-unevaluated.safetensors</c> when the run was stopped
    /// between a step and its evaluation). Older ones are left for the sink's owner to delete, once the newer
    /// one is recorded.
    /// </summary>
    public required string CheckpointDirectory { get; init; }

    /// <summary><c>cpu</c>, or <c>cuda:0</c> and the like.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>Threads within one operation, or <see langword="null"/> for libtorch's choice.</summary>
    public int? Threads { get; init; }

    /// <summary>Where data sets are kept, or <see langword="null"/> for only where packages put them.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>Makes the reader of a data set from its name and <see cref="DataDirectory"/>.</summary>
    public Func<string, string?, IImageSource> Sources { get; init; } = ImageSources.For;

    /// <summary>Time between checkpoints. Zero writes one after every step.</summary>
    public TimeSpan CheckpointInterval { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Where to go on from, or <see langword="null"/> to start anew.</summary>
    public ResumePoint? Resume { get; init; }

    /// <summary>
    /// The most samples that are processed at once; with ghost batches whole ones, as many as fit into it. <see langword="null"/> for as
    /// many as fit into memory. What is trained stays the same up to rounding.
    /// </summary>
    public int? MicroBatch { get; init; }

    /// <summary>Bytes of memory that may still be taken, or <see langword="null"/> when that is not known.</summary>
    internal Func<long?> FreeMemory { get; init; } = new FreeMemory().Bytes;

    /// <summary>Number of random points of the random-potential experiment.</summary>
    public int RandomPotentialDraws { get; init; } = 1000;

    /// <summary>c of the random-potential experiment: the largest distance from w_0.</summary>
    public double RandomPotentialReach { get; init; } = 10;

    /// <summary>What makes graphs on a device, or makes none there.</summary>
    internal Func<Device, Func<IGraph>?> Graphs { get; init; } = CudaGraph.MakerFor;

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
