using static TorchSharp.torch;

namespace Tracker.Training;

/// <summary>Arithmetic on long vectors.</summary>
internal static class Vectors
{
    /// <summary>Keeps the clipping factor finite when the gradient vanishes (as PyTorch does).</summary>
    private const double NormEpsilon = 1e-6;

    /// <summary>Scales a gradient down to the largest norm allowed (section 4 of the paper), without waiting for the device.</summary>
    /// <param name="gradient">(P); changed in place.</param>
    /// <param name="largest">The largest norm; 0 for any.</param>
    /// <returns>The norm before clipping, a scalar on the device.</returns>
    public static Tensor ClipNorm(this Tensor gradient, double largest)
    {
        using var scope = NewDisposeScope();
        var norm = gradient.Norm();
        if (largest > 0) gradient.mul_((norm + NormEpsilon).reciprocal().mul(largest).clamp_max(1.0));
        return norm.MoveToOuterDisposeScope();
    }

    /// <summary>
    /// The L2 norm. Not <c>norm()</c>: on the CPU, libtorch adds a million squares up in 32 bits one after the other, which is wrong in
    /// the fifth digit; <c>sum()</c> adds them up pairwise.
    /// </summary>
    /// <param name="vector">(P), 32-bit floats.</param>
    /// <returns>A scalar on the same device.</returns>
    public static Tensor Norm(this Tensor vector)
    {
        if (FusedUpdate.Norm(vector) is { } norm) return norm;
        using var scope = NewDisposeScope();
        return vector.square().sum().sqrt().MoveToOuterDisposeScope();
    }

    /// <summary>The distance of two vectors, ‖a − b‖.</summary>
    /// <param name="vector">a, (P), 32-bit floats.</param>
    /// <param name="other">b, (P), 32-bit floats.</param>
    /// <returns>A scalar on the same device.</returns>
    public static Tensor DistanceTo(this Tensor vector, Tensor other)
    {
        if (FusedUpdate.Norm(vector, other) is { } distance) return distance;
        using var difference = vector - other;
        return difference.Norm();
    }
}
