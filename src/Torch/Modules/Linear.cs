using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary><c>y = x W^T + b</c> with W of shape (out, in); initialised as PyTorch does.</summary>
public sealed class Linear : nn.Module<Tensor, Tensor>
{
    private Parameter _weight;
    private Parameter? _bias;

    internal Linear(long inFeatures, long outFeatures, bool hasBias, Device? device, ScalarType? dtype) : base(nameof(Linear))
    {
        in_features = inFeatures;
        out_features = outFeatures;
        weight = LibraryParameter.Empty([outFeatures, inFeatures], device, dtype);
        nn.init.kaiming_uniform_(_weight, Math.Sqrt(5));
        if (hasBias)
        {
            bias = LibraryParameter.Empty([outFeatures], device, dtype);
            double bound = inFeatures > 0 ? 1 / Math.Sqrt(inFeatures) : 0;
            nn.init.uniform_(_bias!, -bound, bound);
        }
    }

    internal Linear(Parameter weight, Parameter? bias) : base(nameof(Linear))
    {
        out_features = weight.size(0);
        in_features = weight.size(1);
        this.weight = weight;
        this.bias = bias;
    }

    /// <summary>W, of shape (out, in).</summary>
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

    /// <summary>b, of shape (out), or null.</summary>
    public Parameter? bias
    {
        get => _bias;
        set
        {
            _bias = value;
            ConditionallyRegisterParameter(nameof(bias), value);
        }
    }

    /// <summary>The length of an input.</summary>
    public long in_features { get; set; }

    /// <summary>The length of an output.</summary>
    public long out_features { get; set; }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => nn.functional.linear(input, _weight, _bias);
}

/// <summary>Parameters and buffers of the library's own modules, which no dispose scope takes along.</summary>
internal static class LibraryParameter
{
    internal static Parameter Empty(long[] shape, Device? device, ScalarType? dtype)
    {
        var parameter = new Parameter(empty(shape, dtype, device));
        parameter.DetachFromDisposeScope();
        return parameter;
    }
}
