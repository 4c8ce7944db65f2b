using static TorchSharp.torch;

namespace Tracker.Training;

/// <summary>What a random draw is for. Draws for different purposes never share a stream.</summary>
public enum RandomPurpose
{
    /// <summary>The initial weights; index 0.</summary>
    Initialization = 1,

    /// <summary>The order of the samples; the index is the epoch.</summary>
    Order = 2,

    /// <summary>Crops and flips; the index is the step.</summary>
    Augmentation = 3,

    /// <summary>Multiplicative gradient noise; the index is the step.</summary>
    GradientNoise = 4,

    /// <summary>What dropout drops; the index is made of step and layer.</summary>
    Dropout = 5,

    /// <summary>Directions and distances of the random-potential experiment; the index is the point's number.</summary>
    RandomPotential = 102,

    /// <summary>The start of the power iteration; index 0.</summary>
    PowerIteration = 103,
}

/// <summary>
/// Randomness without hidden state: libtorch's generators are seeded anew before every draw, from (seed, purpose, index) alone. A run
/// that resumes at any step therefore draws what an uninterrupted one would have drawn, and evaluation, which draws nothing, cannot
/// disturb training.
/// </summary>
public static class StatelessRandom
{
    /// <summary>Seeds every generator of libtorch for one draw.</summary>
    /// <param name="seed">The run's seed.</param>
    /// <param name="purpose">What is drawn.</param>
    /// <param name="index">Which draw: an epoch or a step, see <see cref="RandomPurpose"/>.</param>
    public static void SeedFor(int seed, RandomPurpose purpose, long index) => manual_seed(Mix(seed, purpose, index));

    /// <summary>A well mixed 63-bit number from the three: neighbouring seeds or steps get unrelated streams.</summary>
    /// <param name="seed">The run's seed.</param>
    /// <param name="purpose">What is drawn.</param>
    /// <param name="index">Which draw.</param>
    public static long Mix(int seed, RandomPurpose purpose, long index)
    {
        var mixed = SplitMix64((ulong)(uint)seed);
        mixed = SplitMix64(mixed ^ (ulong)purpose);
        mixed = SplitMix64(mixed ^ (ulong)index);
        return (long)(mixed >> 1);
    }

    /// <summary>One output of the SplitMix64 generator (Steele, Lea, Flood 2014): a bijection on 64 bits with full avalanche.</summary>
    private static ulong SplitMix64(ulong x)
    {
        x += 0x9E3779B97F4A7C15;
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }
}
