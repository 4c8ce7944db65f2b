namespace Tracker.Domain;

/// <summary>
/// How large a network is. The number of classes changes only its last layer, which is fully connected and has a bias. Numbers are those
/// of the network with batch normalization.
/// </summary>
/// <param name="SharedParameters">Trainable parameters outside the last layer.</param>
/// <param name="SharedMultiplyAdds">Multiplications, each with its addition, that the convolutions and fully connected layers but the last take for the forward pass of one image.</param>
/// <param name="Features">Inputs of the last layer.</param>
public sealed record NetworkSize(long SharedParameters, long SharedMultiplyAdds, int Features)
{
    /// <summary>Number of trainable parameters.</summary>
    /// <param name="classes">Number of classes.</param>
    public long Parameters(int classes) => SharedParameters + (Features + 1L) * classes;

    /// <summary>Multiply-adds of the forward pass of one image, those of normalization, pooling and biases not counted.</summary>
    /// <param name="classes">Number of classes.</param>
    public long MultiplyAdds(int classes) => SharedMultiplyAdds + (long)Features * classes;
}
