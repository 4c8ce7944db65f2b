using Tracker.Domain;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Tracker.Training;

/// <summary>
/// What a network puts where its authors put batch normalization. Without normalization an identity takes the place, so that every
/// other layer keeps its name.
/// </summary>
/// <param name="Kind">Batch normalization or none.</param>
/// <param name="GhostSize">Samples in a ghost batch (section 4 of the paper); 0 for plain batch normalization.</param>
/// <param name="Statistics">How the ghosts of a batch enter the running statistics.</param>
public sealed record NormalizationOptions(
    NormalizationKind Kind = NormalizationKind.Batch, int GhostSize = 0, GhostStatistics Statistics = GhostStatistics.Sequential)
{
    /// <summary>Batch normalization over the whole batch.</summary>
    public static NormalizationOptions Plain { get; } = new();

    /// <summary>No normalization.</summary>
    public static NormalizationOptions None { get; } = new(NormalizationKind.None);

    /// <summary>Ghost Batch Normalization.</summary>
    /// <param name="size">Samples in a ghost batch; 0 for plain batch normalization.</param>
    public static NormalizationOptions Ghosts(int size) => new(GhostSize: size);

    /// <summary>What a run asks for.</summary>
    /// <param name="spec">The run.</param>
    public static NormalizationOptions Of(RunSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return new(spec.Normalization, spec.GhostBatch ?? 0, spec.Protocol.GhostStatistics);
    }

    /// <summary>
    /// Whether a layer that is normalized, and therefore has no bias in its authors' network, has one here: without normalization
    /// nothing else shifts its outputs.
    /// </summary>
    public bool LayersHaveBias => Kind == NormalizationKind.None;

    /// <summary>The normalization of one layer.</summary>
    /// <param name="channels">C, the number of channels or features.</param>
    /// <param name="relu">Whether a ReLU follows at once; it is part of the module.</param>
    /// <returns>A module from (N, C) or (N, C, H, W) to the same shape.</returns>
    public Module<Tensor, Tensor> Layer(long channels, bool relu = false)
    {
        if (Kind == NormalizationKind.None) return relu ? ReLU() : Identity();
        return new GhostBatchNorm(channels, GhostSize, Statistics, relu);
    }

    /// <summary>
    /// The normalization of one layer and the ReLU after it, as two steps of a sequence: the first does both, the second keeps the place
    /// of the ReLU, after which other layers are named.
    /// </summary>
    /// <param name="channels">C, the number of channels or features.</param>
    public IReadOnlyList<Module<Tensor, Tensor>> LayerWithRelu(long channels) => [Layer(channels, relu: true), Identity()];
}
