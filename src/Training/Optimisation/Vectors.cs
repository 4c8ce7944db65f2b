using static TorchSharp.torch;

namespace Tracker.Training;

/// <summary>Arithmetic on long vectors.</summary>
internal static class Vectors
{
    /// <summary>
    /// The L2 norm. Not <c>norm()</c>: on the CPU, libtorch adds a million squares up in 32 bits one after the other, which is wrong in
    /// the fifth digit; <c>sum()</c> adds them up pairwise.
    /// </summary>
    /// <param name="vector">(P), 32-bit floats.</param>
    /// <returns>A scalar on the same device.</returns>
    public static Tensor Norm(this Tensor vector)
    {
        using var scope = NewDisposeScope();
        return vector.square().sum().sqrt().MoveToOuterDisposeScope();
    }
}
