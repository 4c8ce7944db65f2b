using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using F = TorchSharp.torch.nn.functional;

namespace Tracker.Training;

/// <summary>
/// A residual network for 32 × 32 images as in the authors' code, which is ResNet44 and WResnet16-4: a 3 × 3 convolution, three groups
/// of <see cref="ResidualBlock"/>s with 16, 32 and 64 times the multiplier channels, the second and third at half the resolution, the
/// mean over the remaining 8 × 8 pixels, and one fully connected layer. Convolutions start from N(0, 2 / (k² · outputs)). Input
/// (N, 3, 32, 32), output logits (N, classes).
/// </summary>
public abstract class ResidualNetwork : Module<Tensor, Tensor>
{
    private const int Width = 16;
    private const int PooledPixels = 8;

#pragma warning disable CA2213 // Registered components are disposed of by the base class.
    private protected Conv2d conv1;
    private protected Module<Tensor, Tensor> bn1;
    private protected Sequential layer1;
    private protected Sequential layer2;
    private protected Sequential layer3;
    private protected Linear fc;
#pragma warning restore CA2213

    /// <summary>Creates the network with freshly drawn weights.</summary>
    /// <param name="name">The network's name.</param>
    /// <param name="depth">The depth in the network's name; a group has (depth − 2) / 6 blocks, rounded down, as in the authors' code.</param>
    /// <param name="multiplier">The factor on the number of channels.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="normalization">What normalizes the layers.</param>
    protected ResidualNetwork(string name, int depth, int multiplier, int classes, NormalizationOptions normalization) : base(name)
    {
        ArgumentNullException.ThrowIfNull(normalization);
        var blocks = (depth - 2) / 6;
        var width = Width * multiplier;
        conv1 = Conv2d(3, width, 3, stride: 1, padding: 1, bias: normalization.LayersHaveBias);
        bn1 = normalization.Layer(width, relu: true);
        layer1 = Group(blocks, width, width, 1, normalization);
        layer2 = Group(blocks, width, 2 * width, 2, normalization);
        layer3 = Group(blocks, 2 * width, 4 * width, 2, normalization);
        fc = Linear(4 * width, classes);
        foreach (var part in new Module[] { conv1, layer1, layer2, layer3 }) Initialization.DrawConvolutions(part);
    }

    private static Sequential Group(int blocks, int inputs, int channels, int stride, NormalizationOptions normalization)
    {
        var group = Sequential();
        for (var i = 0; i < blocks; i++)
            group.append(new ResidualBlock(i == 0 ? inputs : channels, channels, i == 0 ? stride : 1, normalization));
        return group;
    }

    /// <summary>Computes the logits.</summary>
    /// <param name="input">(N, 3, 32, 32), normalized.</param>
    /// <returns>(N, classes).</returns>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var maps = bn1.call(conv1.call(MapNorm.ChannelsLast(input)));
        maps = layer3.call(layer2.call(layer1.call(maps)));
        return fc.call(F.avg_pool2d(maps, PooledPixels).flatten(1)).MoveToOuterDisposeScope();
    }
}
