using static TorchSharp.torch;

namespace Tracker.Training;

/// <summary>Everything that a pass over some samples reads besides weights: random draws are made, the rest is arithmetic.</summary>
/// <param name="Images">(n, C, H, W), normalized.</param>
/// <param name="Labels">(n).</param>
/// <param name="Noise">The factors z of the objective, (n); <see langword="null"/> without gradient noise.</param>
internal sealed record BatchInput(Tensor Images, Tensor Labels, Tensor? Noise) : IDisposable
{
    /// <summary>The tensors.</summary>
    public IEnumerable<Tensor> Tensors => Noise is null ? [Images, Labels] : [Images, Labels, Noise];

    /// <summary>A copy in memory of its own.</summary>
    public BatchInput Copy() => new(Owned(Images), Owned(Labels), Noise is null ? null : Owned(Noise));

    /// <summary>Takes over the values of another batch of the same size.</summary>
    /// <param name="other">The other batch.</param>
    public void CopyFrom(BatchInput other)
    {
        ArgumentNullException.ThrowIfNull(other);
        foreach (var (own, value) in Tensors.Zip(other.Tensors)) own.copy_(value);
    }

    /// <summary>Frees the tensors.</summary>
    public void Dispose()
    {
        foreach (var tensor in Tensors) tensor.Dispose();
    }

    private static Tensor Owned(Tensor tensor) => tensor.clone().DetachFromDisposeScope();
}
