namespace Tracker.Training;

/// <summary>C1, the <see cref="ShallowNetwork"/> for ten classes: 1,388,490 parameters.</summary>
public sealed class C1 : ShallowNetwork
{
    /// <summary>Creates the network with freshly drawn weights.</summary>
    /// <param name="classes">Number of classes.</param>
    /// <param name="normalization">What normalizes the layers.</param>
    public C1(int classes, NormalizationOptions normalization) : base(nameof(C1), classes, normalization) => RegisterComponents();
}
