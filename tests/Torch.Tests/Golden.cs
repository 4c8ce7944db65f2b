using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;

namespace Tracker.Torch.Tests;

/// <summary>The numbers that golden/generate.py took from PyTorch, and how closely to meet them.</summary>
internal static class Golden
{
    private static readonly JsonElement s_root =
        JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "golden", "golden.json"))).RootElement;

    public static JsonElement Case(string name) => s_root.GetProperty(name);

    public static Tensor Tensor(this JsonElement dumped, ScalarType? dtype = null)
    {
        double[] data = [.. dumped.GetProperty("data").EnumerateArray().Select(x => x.GetDouble())];
        long[] shape = [.. dumped.GetProperty("shape").EnumerateArray().Select(x => x.GetInt64())];
        return tensor(data, shape, dtype ?? float32);
    }

    public static Tensor Tensor(this JsonElement parent, string name, ScalarType? dtype = null) => parent.GetProperty(name).Tensor(dtype);

    /// <summary>Every element within <paramref name="relative"/> of the tensor's largest one.</summary>
    public static void ShouldMatch(this Tensor actual, JsonElement expected, string what, double relative = 1e-5)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor wanted = expected.Tensor(float64);
        actual.shape.ShouldBe(wanted.shape, what);
        double scale = Math.Max(wanted.abs().max().ToDouble(), 1e-2);
        double error = (actual.detach().to(float64) - wanted).abs().max().ToDouble();
        error.ShouldBeLessThanOrEqualTo(relative * scale, what);
    }
}
