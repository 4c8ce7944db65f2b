using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Tracker.Training;

/// <summary>
/// VGG of 16 layers (Simonyan and Zisserman, configuration D) for 32 × 32 images, which the authors' code does not contain: thirteen
/// 3 × 3 convolutions, each followed by batch normalization and ReLU, with max-pooling (2, stride 2) after the 2nd, 4th, 7th, 10th and
/// 13th, which leaves one pixel of 512 channels; then a single fully connected layer instead of three, without dropout. Convolutions
/// have no bias and start from N(0, 2 / (k² · outputs)). Input (N, 3, 32, 32), output logits (N, classes); 14,724,042 parameters with
/// 10 classes.
/// </summary>
public sealed class Vgg16 : Module<Tensor, Tensor>
{
    private static readonly (int Convolutions, int Channels)[] s_groups = [(2, 64), (2, 128), (3, 256), (3, 512), (3, 512)];

#pragma warning disable CA2213 // Registered components are disposed of by the base class.
    private Sequential features;
    private Linear classifier;
#pragma warning restore CA2213

    /// <summary>Creates the network with freshly drawn weights.</summary>
    /// <param name="classes">Number of classes.</param>
    /// <param name="normalization">What normalizes the layers.</param>
    public Vgg16(int classes, NormalizationOptions normalization) : base(nameof(Vgg16))
    {
        ArgumentNullException.ThrowIfNull(normalization);
        features = Sequential();
        var inputs = 3;
        foreach (var (convolutions, channels) in s_groups)
        {
            for (var i = 0; i < convolutions; i++)
            {
                features.append(Conv2d(inputs, channels, 3, stride: 1, padding: 1, bias: normalization.LayersHaveBias));
                foreach (var step in normalization.LayerWithRelu(channels)) features.append(step);
                inputs = channels;
            }
            features.append(MaxPool2d(2, 2));
        }
        classifier = Linear(inputs, classes);
        Initialization.DrawConvolutions(features);
        RegisterComponents();
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
