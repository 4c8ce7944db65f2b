using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Tracker.Training;

/// <summary>
/// AlexNet in the form of "One weird trick for parallelizing convolutional neural networks" (Krizhevsky 2014) with batch normalization,
/// as in the authors' code: five convolutions and three fully connected layers. After the first convolution, and in the classifier, the
/// normalization comes before the ReLU, after the other convolutions behind it; pooling (3, stride 2) comes before both. Dropout is ½.
/// Only the last layer has a bias of its own. Input (N, 3, 224, 224), output logits (N, classes); 61,110,184 parameters with 1000 classes.
/// </summary>
public sealed class AlexNet : Module<Tensor, Tensor>
{
    private const int Features = 256 * 6 * 6;
    private const int Hidden = 4096;

#pragma warning disable CA2213 // Registered components are disposed of by the base class.
    private Sequential features;
    private Sequential classifier;
#pragma warning restore CA2213

    /// <summary>Creates the network with freshly drawn weights.</summary>
    /// <param name="classes">Number of classes.</param>
    /// <param name="normalization">What normalizes the layers.</param>
    public AlexNet(int classes, NormalizationOptions normalization) : base(nameof(AlexNet))
    {
        ArgumentNullException.ThrowIfNull(normalization);
        var bias = normalization.LayersHaveBias;
        List<Module<Tensor, Tensor>> convolutions =
        [
            Conv2d(3, 64, 11, stride: 4, padding: 2, bias: bias), MaxPool2d(3, 2), .. normalization.LayerWithRelu(64),
            Conv2d(64, 192, 5, stride: 1, padding: 2, bias: bias), MaxPool2d(3, 2), ReLU(), normalization.Layer(192),
            Conv2d(192, 384, 3, stride: 1, padding: 1, bias: bias), ReLU(), normalization.Layer(384),
            Conv2d(384, 256, 3, stride: 1, padding: 1, bias: bias), ReLU(), normalization.Layer(256),
            Conv2d(256, 256, 3, stride: 1, padding: 1, bias: bias), MaxPool2d(3, 2), ReLU(), normalization.Layer(256),
        ];
        List<Module<Tensor, Tensor>> connected =
        [
            Linear(Features, Hidden, hasBias: bias), .. normalization.LayerWithRelu(Hidden), new BatchDropout(0.5),
            Linear(Hidden, Hidden, hasBias: bias), .. normalization.LayerWithRelu(Hidden), new BatchDropout(0.5),
            Linear(Hidden, classes),
        ];
        features = Sequential(convolutions);
        classifier = Sequential(connected);
        RegisterComponents();
    }

    /// <summary>Computes the logits.</summary>
    /// <param name="input">(N, 3, 224, 224), normalized.</param>
    /// <returns>(N, classes).</returns>
    public override Tensor forward(Tensor input)
    {
        using var ordered = MapNorm.ChannelsLast(input);
        using var maps = features.call(ordered);
        using var flat = maps.flatten(1);
        return classifier.call(flat);
    }
}
