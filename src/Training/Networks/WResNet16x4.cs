namespace Tracker.Training;

/// <summary>
/// WResnet16-4 as the authors built it, the <see cref="ResidualNetwork"/> of depth 16 by name (14 layers with weights) that is four times as wide: unlike that of
/// Zagoruyko and Komodakis it normalizes after each convolution, and its first convolution already has 64 channels. 2,800,804 parameters
/// with 100 classes.
/// </summary>
public sealed class WResNet16x4 : ResidualNetwork
{
    /// <summary>Creates the network with freshly drawn weights.</summary>
    /// <param name="classes">Number of classes.</param>
    /// <param name="normalization">What normalizes the layers.</param>
    public WResNet16x4(int classes, NormalizationOptions normalization) : base(nameof(WResNet16x4), 16, 4, classes, normalization) => RegisterComponents();
}
