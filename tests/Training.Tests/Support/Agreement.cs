using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Tracker.Training.Tests;

/// <summary>How far computed values are from those of golden/generate.py, each difference relative to a scale.</summary>
internal sealed class Agreement
{
    private const int ProjectionPeriod = 65537;

    private static readonly double[] s_direction = Formula.Uniform(999, ProjectionPeriod);

    /// <summary>The largest relative difference so far.</summary>
    public double Largest { get; private set; }

    /// <summary>Where it was found.</summary>
    public string Where { get; private set; } = "";

    /// <summary>Compares two numbers.</summary>
    public void Compare(double found, double golden, double scale, string what)
    {
        var difference = Math.Abs(found - golden) / scale;
        if (difference <= Largest) return;
        (Largest, Where) = (difference, $"{what}: {found:R}, golden {golden:R}");
    }

    /// <summary>
    /// Compares norm, projection and entries of a tensor. Each is relative to the tensor's norm, or to the least scale where that is larger.
    /// </summary>
    public void Compare(Tensor found, double[] golden, double leastScale, string what)
    {
        using var scope = NewDisposeScope();
        var values = MemoryMarshal.Cast<byte, float>(found.detach().to(ScalarType.Float32).contiguous().bytes);
        var (squares, projection, place) = (0.0, 0.0, 0);
        foreach (double value in values)
        {
            squares += value * value;
            projection += value * s_direction[place];
            if (++place == ProjectionPeriod) place = 0;
        }
        var against = Math.Max(golden[0], leastScale);
        // Whatever is zero in the golden file has to be zero.
        if (against == 0) against = double.Epsilon;
        Compare(Math.Sqrt(squares), golden[0], against, $"norm of {what}");
        Compare(projection, golden[1], against, $"projection of {what}");
        var entries = golden.Length - 2;
        for (var i = 0; i < entries; i++)
        {
            var index = (int)(i * (values.Length - 1L) / (entries - 1));
            Compare(values[index], golden[2 + i], against, $"entry {index} of {what}");
        }
    }
}
