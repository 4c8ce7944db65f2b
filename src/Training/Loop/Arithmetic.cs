using TorchSharp;
using Tracker.Domain;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Tracker.Training;

/// <summary>
/// How the numbers of a run are computed: in the precision of its specification, and on a GPU by deterministic algorithms, so that a run
/// that goes on ends as one that was never stopped. Weights, gradients and optimizer keep 32 bits in every precision; so does evaluation with bf16.
/// </summary>
internal sealed class Arithmetic
{
    private readonly Device _device;
    private readonly bool _casts;

    private Arithmetic(Device device, Precision precision)
    {
        _device = device;
        _casts = precision == Precision.Bf16;
        var name = precision switch { Precision.Bf16 => "bf16", Precision.Tf32 => "tf32", _ => "float32" };
        Description = device.type == DeviceType.CPU || Determinism.IsOn ? name : $"{name}, algorithms not deterministic";
    }

    /// <summary>The precision in words, and what else there is to know.</summary>
    public string Description { get; }

    /// <summary>Sets the process up for one run.</summary>
    /// <param name="precision">What the run asks for.</param>
    /// <param name="device">Where it is trained.</param>
    /// <exception cref="SpecificationException">Device or tensor library do not offer the precision.</exception>
    public static Arithmetic For(Precision precision, Device device)
    {
        ArgumentNullException.ThrowIfNull(device);
        if (precision == Precision.Tf32 && device.type != DeviceType.CUDA)
            throw Refused($"tf32 is a mode of NVIDIA GPUs; on '{device.type.ToString().ToLowerInvariant()}' use float32.");
        if (precision == Precision.Bf16 && !Autocast.IsAvailable)
            throw Refused("bf16 needs automatic casts, which the TorchSharp package lacks; use float32, or a build over an installed libtorch.");
        if (device.type == DeviceType.CUDA)
        {
            // Either way: libtorch's own defaults differ between the two and between versions.
            backends.cuda.matmul.allow_tf32 = precision == Precision.Tf32;
            backends.cudnn.allow_tf32 = precision == Precision.Tf32;
            if (Determinism.IsAvailable) Determinism.IsOn = true;
        }
        return new(device, precision);
    }

    /// <summary>Calls a network in training.</summary>
    /// <param name="network">The network.</param>
    /// <param name="input">Its input, 32-bit floats.</param>
    /// <returns>The logits, 32-bit floats.</returns>
    public Tensor Forward(Module<Tensor, Tensor> network, Tensor input)
    {
        if (!_casts) return network.call(input);
        using var region = Autocast.Enter(_device);
        using var logits = network.call(input);
        return logits.to(ScalarType.Float32);
    }

    private static SpecificationException Refused(string why) => new([new("precision", why)]);
}
