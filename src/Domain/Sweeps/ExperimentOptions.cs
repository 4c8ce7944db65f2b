namespace Tracker.Domain;

/// <summary>What stands between the layers of a network.</summary>
public enum NormalizationKind
{
    /// <summary>Batch normalization, over ghost batches with <c>+gbn</c>.</summary>
    Batch,

    /// <summary>Nothing: the network without batch normalization.</summary>
    None,
}

/// <summary>The arithmetic of matrix products and convolutions; weights and updates are 32-bit floats in any case.</summary>
public enum Precision
{
    /// <summary>32-bit floats.</summary>
    Float32,

    /// <summary>TensorFloat-32: 32-bit floats whose factors are rounded to 10 bits of mantissa; CUDA devices only.</summary>
    Tf32,

    /// <summary>bfloat16 where automatic mixed precision holds it to be safe.</summary>
    Bf16,
}

/// <summary>Settings of an experiment that a sweep has once and hands to each of its runs.</summary>
public sealed record ExperimentOptions
{
    /// <summary>What stands between the layers.</summary>
    public NormalizationKind Normalization { get; init; }

    /// <summary>The arithmetic.</summary>
    public Precision Precision { get; init; }

    /// <summary>
    /// What every parameter is multiplied by at the start; 1 for the network's own initialization. With a small number ‖w_t‖ is nearly
    /// ‖w_t − w_0‖, of which equation 4 of the paper speaks; with 0 itself no gradient would ever leave the start.
    /// </summary>
    public double InitialScale { get; init; } = 1;

    /// <summary>
    /// Images that are held out of the training set for validation, its last ones; 0 to validate on the test set, as the paper does.
    /// </summary>
    public int ValidationExamples { get; init; }

    /// <summary>Which evaluation the result comes from.</summary>
    public SelectionRule Selection { get; init; } = SelectionRule.Final;

    /// <summary>The protocol.</summary>
    public Protocol Protocol { get; init; } = new();

    /// <summary>What is measured besides.</summary>
    public DiagnosticsSpec Diagnostics { get; init; } = new();
}
