using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Tracker.Training;

/// <summary>
/// The shallow convolutional network of Keskar et al. as in the authors' code, which is C1 and C3: two 5 × 5 convolutions to 64
/// channels, each followed by max-pooling (3, stride 2), batch normalization and ReLU (the pooling comes before the normalization), then
/// fully connected layers of 384 and 192 with dropout ½. Only the last layer has a bias of its own. Input (N, 3, 32, 32), output logits
/// (N, classes).
/// </summary>
public abstract class ShallowNetwork : Module<Tensor, Tensor>
{
    private const int Features = 64 * 7 * 7;

#pragma warning disable CA2213 // Registered components are disposed of by the base class.
    private protected Sequential features;
    private protected Sequential classifier;
#pragma warning restore CA2213

    /// <summary>Creates the network with freshly drawn weights.</summary>
    /// <param name="name">The network's name.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="normalization">What normalizes the layers.</param>
    protected ShallowNetwork(string name, int classes, NormalizationOptions normalization) : base(name)
    {
        ArgumentNullException.ThrowIfNull(normalization);
        var bias = normalization.LayersHaveBias;
        List<Module<Tensor, Tensor>> convolutions =
        [
            Conv2d(3, 64, 5, stride: 1, padding: 2, bias: bias), MaxPool2d(3, 2), .. normalization.LayerWithRelu(64),
            Conv2d(64, 64, 5, stride: 1, padding: 2, bias: bias), MaxPool2d(3, 2), .. normalization.LayerWithRelu(64),
        ];
        List<Module<Tensor, Tensor>> connected =
        [
            Linear(Features, 384, hasBias: bias), .. normalization.LayerWithRelu(384), new BatchDropout(0.5),
            Linear(384, 192, hasBias: bias), .. normalization.LayerWithRelu(192), new BatchDropout(0.5),
            Linear(192, classes),
        ];
        features = Sequential(convolutions);
        classifier = Sequential(connected);
    }

    /// <summary>Computes the logits.</summary>
    /// <param name="input">(N, 3, 32, 32), normalized.</param>
    /// <returns>(N, classes).</returns>
    public override Tensor forward(Tensor input)
    {
        using var ordered = MapNorm.ChannelsLast(input);
        using var maps = features.call(ordered);
        using var flat = maps.flatten(1);
        return classifier.call(flat);
    }
}
