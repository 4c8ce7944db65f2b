namespace Tracker.Domain;

/// <summary>What happens to the last mini-batch of an epoch when the batch size does not divide the number of samples.</summary>
public enum LastBatch
{
    /// <summary>It is trained on as it is, smaller (the authors' code).</summary>
    Keep,

    /// <summary>It is left out; other samples are left out in each epoch.</summary>
    Drop,
}

/// <summary>When the momentum buffer returns to zero.</summary>
public enum MomentumReset
{
    /// <summary>Never, as momentum SGD is usually meant.</summary>
    Never,

    /// <summary>
    /// At the start of every epoch, as in the authors' released code, which builds a new optimizer there. With few updates in an epoch
    /// it halves the effective step of large batches.
    /// </summary>
    Epoch,
}

/// <summary>Which parameters weight decay acts on.</summary>
public enum DecayScope
{
    /// <summary>All parameters (the authors' code).</summary>
    All,

    /// <summary>Weights only: neither biases nor the scale and shift of batch normalization (Goyal et al.).</summary>
    Weights,
}

/// <summary>How the statistics of a batch's ghosts enter the running statistics.</summary>
public enum GhostStatistics
{
    /// <summary>One after the other, so that later ghosts weigh more: <c>run ← (1−η)^K run + Σ_l (1−η)^{K−l} η stat_l</c>.</summary>
    Sequential,

    /// <summary>
    /// All with the same weight: <c>run ← (1−η)^K run + (1 − (1−η)^K) mean_l stat_l</c>, which the paper found to generalize worse
    /// (section 4).
    /// </summary>
    Equal,
}

/// <summary>Choices of the training protocol that papers seldom state and that change results.</summary>
public sealed record Protocol
{
    /// <summary>The last partial batch of an epoch.</summary>
    public LastBatch LastBatch { get; init; }

    /// <summary>When the momentum buffer returns to zero.</summary>
    public MomentumReset MomentumReset { get; init; }

    /// <summary>What weight decay acts on.</summary>
    public DecayScope Decay { get; init; }

    /// <summary>How ghosts enter the running statistics.</summary>
    public GhostStatistics GhostStatistics { get; init; }
}
