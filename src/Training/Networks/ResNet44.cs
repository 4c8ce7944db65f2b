namespace Tracker.Training;

/// <summary>ResNet44, the <see cref="ResidualNetwork"/> of 44 layers (He et al. 2015): 661,338 parameters with 10 classes.</summary>
public sealed class ResNet44 : ResidualNetwork
{
    /// <summary>Creates the network with freshly drawn weights.</summary>
    /// <param name="classes">Number of classes.</param>
    /// <param name="normalization">What normalizes the layers.</param>
    public ResNet44(int classes, NormalizationOptions normalization) : base(nameof(ResNet44), 44, 1, classes, normalization) => RegisterComponents();
}
