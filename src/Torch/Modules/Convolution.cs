using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>What convolutions have in common: weight (out, in / groups, kernel...), optional bias, geometry.</summary>
public abstract class Convolution : nn.Module<Tensor, Tensor>
{
    private Parameter _weight;
    private Parameter? _bias;

    private protected Convolution(string name, long inChannels, long outChannels, ConvolutionGeometry geometry, bool hasBias, Device? device, ScalarType? dtype) : base(name)
    {
        in_channels = inChannels;
        out_channels = outChannels;
        groups = geometry.Groups;
        kernel_size = geometry.Kernel;
        stride = geometry.Stride;
        padding = geometry.Padding;
        padding_type = geometry.PaddingType;
        dilation = geometry.Dilation;
        padding_mode = geometry.Mode;
        if (inChannels % groups != 0 || outChannels % groups != 0)
            throw new ArgumentException($"{inChannels} input and {outChannels} output channels cannot be split into {groups} groups.");
        weight = LibraryParameter.Empty([outChannels, inChannels / groups, .. kernel_size], device, dtype);
        if (hasBias)
            bias = LibraryParameter.Empty([outChannels], device, dtype);
        reset_parameters();
    }

    /// <summary>The kernels.</summary>
    public Parameter weight
    {
        get => _weight;
        [System.Diagnostics.CodeAnalysis.MemberNotNull(nameof(_weight))]
        set
        {
            _weight = value;
            ConditionallyRegisterParameter(nameof(weight), value);
        }
    }

    /// <summary>One number for each output channel, or null.</summary>
    public Parameter? bias
    {
        get => _bias;
        set
        {
            _bias = value;
            ConditionallyRegisterParameter(nameof(bias), value);
        }
    }

    /// <summary>Channels of the input.</summary>
    public long in_channels { get; }

    /// <summary>Channels of the output.</summary>
    public long out_channels { get; }

    /// <summary>Whether it is a transposed convolution.</summary>
    public bool transposed => false;

    /// <summary>Padding by name, or null where it is given in numbers.</summary>
    public Padding? padding_type { get; private set; }

    /// <summary>Padding on each side of each dimension, or null where it is given by name.</summary>
    public long[]? padding { get; private set; }

    /// <summary>What is added around the image.</summary>
    public PaddingModes padding_mode { get; set; }

    /// <summary>How many groups of channels are convolved apart.</summary>
    public long groups { get; set; }

    /// <summary>The size of the window.</summary>
    public long[] kernel_size { get; set; }

    /// <summary>The step of the window.</summary>
    public long[] stride { get; set; }

    /// <summary>The distance between the window's elements.</summary>
    public long[] dilation { get; set; }

    /// <summary>Draws new values for weight and bias, as PyTorch does.</summary>
    public void reset_parameters()
    {
        nn.init.kaiming_uniform_(_weight, Math.Sqrt(5));
        if (_bias is null)
            return;
        (long fanIn, _) = nn.init.CalculateFanInAndFanOut(_weight);
        double bound = fanIn > 0 ? 1 / Math.Sqrt(fanIn) : 0;
        nn.init.uniform_(_bias, -bound, bound);
    }

    /// <summary>Sets the padding in numbers.</summary>
    public void SetPadding(long[] padding)
    {
        this.padding = padding;
        padding_type = null;
    }

    /// <summary>Sets the padding by name.</summary>
    public void SetPadding(Padding padding)
    {
        padding_type = padding;
        this.padding = null;
    }
}

/// <summary>Window, step and border of a convolution.</summary>
internal sealed record ConvolutionGeometry(long[] Kernel, long[] Stride, long[]? Padding, Padding? PaddingType, long[] Dilation, PaddingModes Mode, long Groups);
