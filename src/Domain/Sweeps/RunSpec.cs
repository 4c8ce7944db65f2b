namespace Tracker.Domain;

/// <summary>
/// One training, completely described: the result is a function of this specification (for one kind of device and number of
/// threads).
/// </summary>
/// <param name="Network">Name of the network.</param>
/// <param name="Dataset">Name of the data set.</param>
/// <param name="Method">Batch and techniques.</param>
/// <param name="Batch">Samples in one mini-batch.</param>
/// <param name="SmallBatch">The small batch that rates and regime refer to, |B_S|.</param>
/// <param name="GhostBatch">Samples in one ghost batch, or <see langword="null"/> without <c>+gbn</c>.</param>
/// <param name="Seed">Seed of everything random.</param>
/// <param name="Epochs">Epochs of the small batch's regime, before regime adaptation.</param>
/// <param name="TrainExamples">How many training images are used; the data set's own number means all.</param>
/// <param name="Parameters">Optimizer settings.</param>
/// <param name="Device">The kind of device asked for; does not count as part of the experiment.</param>
public sealed record RunSpec(
    string Network, string Dataset, Method Method, int Batch, int SmallBatch, int? GhostBatch, int Seed, int Epochs,
    int TrainExamples, HyperParameters Parameters, DeviceClass Device)
{
    /// <summary>Everything else that makes the experiment.</summary>
    public ExperimentOptions Options { get; init; } = new();

    /// <inheritdoc cref="ExperimentOptions.Normalization"/>
    public NormalizationKind Normalization
    {
        get => Options.Normalization;
        init => Options = Options with { Normalization = value };
    }

    /// <inheritdoc cref="ExperimentOptions.Precision"/>
    public Precision Precision
    {
        get => Options.Precision;
        init => Options = Options with { Precision = value };
    }

    /// <inheritdoc cref="ExperimentOptions.InitialScale"/>
    public double InitialScale
    {
        get => Options.InitialScale;
        init => Options = Options with { InitialScale = value };
    }

    /// <inheritdoc cref="ExperimentOptions.ValidationExamples"/>
    public int ValidationExamples
    {
        get => Options.ValidationExamples;
        init => Options = Options with { ValidationExamples = value };
    }

    /// <inheritdoc cref="ExperimentOptions.Selection"/>
    public SelectionRule Selection
    {
        get => Options.Selection;
        init => Options = Options with { Selection = value };
    }

    /// <inheritdoc cref="ExperimentOptions.Protocol"/>
    public Protocol Protocol
    {
        get => Options.Protocol;
        init => Options = Options with { Protocol = value };
    }

    /// <inheritdoc cref="ExperimentOptions.Diagnostics"/>
    public DiagnosticsSpec Diagnostics
    {
        get => Options.Diagnostics;
        init => Options = Options with { Diagnostics = value };
    }

    /// <summary>Images that weights are trained on: those used, less those held out for validation.</summary>
    public int TrainingSplit => TrainExamples - ValidationExamples;

    /// <summary>|B_L| / |B_S|: the size of this run's batch in small batches; 1 for <c>sb</c>.</summary>
    public double BatchRatio => (double)Batch / SmallBatch;

    /// <summary>The experiment in a few words, such as <c>F1 +RA, batch 4096, seed 0</c>.</summary>
    public string Title => $"{Catalogue.FindNetwork(Network)?.Title ?? Network} {Method.Title}, batch {Batch}, seed {Seed}";
}
