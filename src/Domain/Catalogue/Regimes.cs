namespace Tracker.Domain;

/// <summary>
/// How each network is trained at its small batch. Rates, drops, momentum and weight decay are those of the authors' code, lengths those
/// of their scripts where there is one.
/// </summary>
internal static class Regimes
{
    public static Regime F1 { get; } =
        new(50, [new(0, 0.1), new(10, 0.01), new(20, 0.001), new(30, 0.0001)], Momentum: 0.9, WeightDecay: 1e-4);

    /// <summary>C1 and C3. The rate starts low, and there is no momentum: the authors' code states none, whatever their text says.</summary>
    public static Regime Shallow { get; } =
        new(200, [new(0, 0.001), new(60, 0.01), new(120, 0.001), new(180, 0.0001)], Momentum: 0, WeightDecay: 5e-4);

    /// <summary>The code has drops at 122 and 164 as well, but the scripts and the paper's figures end at 100.</summary>
    public static Regime ResNet44 { get; } = new(100, [new(0, 0.1), new(81, 0.01)], Momentum: 0.9, WeightDecay: 1e-4);

    /// <summary>
    /// ResNet44's rates and length, since the authors' code has no VGG and batch normalization makes their rate of 0.1 bearable for it
    /// too; weight decay as Simonyan and Zisserman had it, for twenty times as many weights.
    /// </summary>
    public static Regime Vgg16 { get; } = ResNet44 with { WeightDecay = 5e-4 };

    /// <summary>No script trains this network; 200 epochs, the default of the authors' program, are the shortest multiple of 100 that reaches all drops.</summary>
    public static Regime WResNet { get; } =
        new(200, [new(0, 0.1), new(60, 0.02), new(120, 0.004), new(140, 0.0001)], Momentum: 0.9, WeightDecay: 1e-4);

    /// <summary>
    /// No script trains this network either; 30 epochs give the last rate as long as those before it. The authors also end weight decay
    /// at epoch 15, where the rate has fallen to a tenth.
    /// </summary>
    public static Regime AlexNet { get; } =
        new(30, [new(0, 0.01), new(10, 0.005), new(15, 0.001), new(20, 0.0005), new(25, 0.0001)], Momentum: 0.9, WeightDecay: 5e-4);
}
