using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Tracker.Training.Tests;

/// <summary>The numbers that golden/generate.py feeds to PyTorch.</summary>
internal static class Formula
{
    public static double[] Uniform(int stream, long count)
    {
        var values = new double[count];
        for (var i = 0L; i < count; i++)
        {
            var x = (uint)(i + stream * 1000003L + 1);
            x = (x ^ (x >> 16)) * 0x85EBCA6B;
            x = (x ^ (x >> 13)) * 0xC2B2AE35;
            x ^= x >> 16;
            values[i] = x / 2147483648.0 - 1;
        }
        return values;
    }

    public static Tensor UniformTensor(int stream, params long[] shape) =>
        tensor(Array.ConvertAll(Uniform(stream, shape.Aggregate(1L, (a, b) => a * b)), v => (float)v), shape);

    public static Tensor Labels(int stream, int count, int classes = 10) =>
        tensor(Array.ConvertAll(Uniform(stream, count), v => (long)((v + 1) / 2 * classes)));

    /// <summary>
    /// Weights as large as PyTorch would draw them, scales around 1, shifts around 0; in residual networks small scales and large shifts,
    /// which keep activations from 0 (golden/generate.py says why).
    /// </summary>
    public static void SetWeights(Module network)
    {
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        var stream = 0;
        foreach (var (name, value) in StateDictionary.Of(network))
        {
            if (value is Parameter parameter) parameter.copy_(Weights(name, parameter, UniformTensor(stream++, parameter.shape)));
        }
    }

    private static Tensor Weights(string name, Parameter parameter, Tensor values)
    {
        if (parameter.dim() > 1) return values / Math.Sqrt((double)parameter.numel() / parameter.shape[0]);
        var endsBranch = name.Contains("bn2", StringComparison.Ordinal);
        var isResidual = name.Contains("bn", StringComparison.Ordinal) || name.Contains("downsample.1.", StringComparison.Ordinal);
        if (name.EndsWith("weight", StringComparison.Ordinal)) return (values * 0.2 + 1) * (endsBranch ? 0.05 : isResidual ? 0.3 : 1);
        if (!isResidual) return values * 0.1;
        var odd = arange(values.shape[0], dtype: ScalarType.Float32).remainder(2);
        return (endsBranch ? odd * -0.2 : odd * -2.1 + 1.05) + values * 0.02;
    }

    /// <summary>Switches dropout off and leaves everything else in training.</summary>
    public static void WithoutDropout(Module network)
    {
        foreach (var module in network.modules())
            if (module is BatchDropout) module.eval();
    }
}
