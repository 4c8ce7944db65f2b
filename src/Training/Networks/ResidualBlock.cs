using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Tracker.Training;

/// <summary>
/// The basic residual block (He et al. 2015): two 3 × 3 convolutions, each normalized, with a ReLU between them and one after the sum.
/// Where the shape changes, the shortcut is a 1 × 1 convolution, normalized (their option B). (N, C, H, W) becomes
/// (N, channels, H / stride, W / stride).
/// </summary>
internal sealed class ResidualBlock : Module<Tensor, Tensor>
{
#pragma warning disable CA2213 // Registered components are disposed of by the base class.
    private Conv2d conv1;
    private Module<Tensor, Tensor> bn1;
    private Conv2d conv2;
    private Module<Tensor, Tensor> bn2;
    private Sequential? downsample;
#pragma warning restore CA2213

    /// <summary>Creates the block with PyTorch's default weights.</summary>
    /// <param name="inputs">C, the number of input channels.</param>
    /// <param name="channels">Number of output channels.</param>
    /// <param name="stride">Stride of the first convolution.</param>
    /// <param name="normalization">What normalizes the layers.</param>
    public ResidualBlock(long inputs, long channels, long stride, NormalizationOptions normalization) : base(nameof(ResidualBlock))
    {
        var bias = normalization.LayersHaveBias;
        conv1 = Conv2d(inputs, channels, 3, stride: stride, padding: 1, bias: bias);
        bn1 = normalization.Layer(channels, relu: true);
        conv2 = Conv2d(channels, channels, 3, stride: 1, padding: 1, bias: bias);
        bn2 = normalization.Layer(channels);
        if (stride != 1 || inputs != channels)
            downsample = Sequential(Conv2d(inputs, channels, 1, stride: stride, bias: bias), normalization.Layer(channels));
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var inner = conv2.call(bn1.call(conv1.call(input)));
        var shortcut = downsample is null ? input : downsample.call(input);
        var output = bn2 is GhostBatchNorm normalization ? normalization.WithShortcut(inner, shortcut) : (inner + shortcut).relu_();
        return output.MoveToOuterDisposeScope();
    }
}
