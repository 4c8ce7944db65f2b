namespace Tracker.Training;

/// <summary>C3, which the authors' code builds as C1 for the hundred classes of CIFAR-100: 1,405,860 parameters.</summary>
public sealed class C3 : ShallowNetwork
{
    /// <summary>Creates the network with freshly drawn weights.</summary>
    /// <param name="classes">Number of classes.</param>
    /// <param name="normalization">What normalizes the layers.</param>
    public C3(int classes, NormalizationOptions normalization) : base(nameof(C3), classes, normalization) => RegisterComponents();
}
