using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Convolution of images (N, C, H, W).</summary>
public sealed class Conv2d : Convolution
{
    internal Conv2d(long inChannels, long outChannels, ConvolutionGeometry geometry, bool hasBias, Device? device, ScalarType? dtype)
        : base(nameof(Conv2d), inChannels, outChannels, geometry, hasBias, device, dtype)
    {
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        if (padding_mode == PaddingModes.Zeros)
        {
            return padding_type == Padding.Same
                ? nn.functional.Conv2dSame(input, weight, bias, stride, dilation, groups)
                : nn.functional.conv2d(input, weight, bias, stride, padding, dilation, groups);
        }
        using Tensor bordered = nn.functional.pad(input, Border(), padding_mode);
        return nn.functional.conv2d(bordered, weight, bias, stride, null, dilation, groups);
    }

    /// <summary>What is added left, right, above and below, from the last dimension on.</summary>
    private long[] Border()
    {
        var border = new long[4];
        for (int d = 0; d < 2; d++)
        {
            long total = padding_type == Padding.Same ? dilation[d] * (kernel_size[d] - 1) : 2 * (padding?[d] ?? 0);
            int at = 2 * (1 - d);
            border[at] = total / 2;
            border[at + 1] = total - total / 2;
        }
        return border;
    }
}
