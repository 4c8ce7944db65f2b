using TorchSharp;
using static TorchSharp.torch;

namespace Tracker.Training;

/// <summary>What forward and backward over a number of samples take on the CPU, measured on two small batches.</summary>
/// <param name="Fixed">Bytes whatever the number of samples.</param>
/// <param name="PerSample">Bytes for each sample.</param>
internal sealed record MemoryEstimate(long Fixed, long PerSample)
{
    private const int FewSamples = 8;
    private const int MoreSamples = 40;

    /// <summary>
    /// What a step holds at most, in activations of its forward pass: the backward pass adds gradients of activations and the work space of
    /// convolutions. Measured peaks were 1.1 (ResNet44) to 2.0 (C1) times the activations.
    /// </summary>
    private const double PeakFactor = 2;

    /// <summary>Bytes for forward and backward over a number of samples.</summary>
    /// <param name="samples">How many.</param>
    public long For(int samples) => Fixed + PerSample * samples;

    /// <summary>The most samples that fit into a number of bytes, at least 0.</summary>
    /// <param name="bytes">The bytes.</param>
    public int Samples(long bytes) => (int)Math.Clamp((bytes - Fixed) / Math.Max(1, PerSample), 0, int.MaxValue);

    /// <summary>Measures two forward passes; the network is afterwards what it was.</summary>
    /// <param name="session">Network and data.</param>
    /// <param name="seed">The run's seed.</param>
    /// <returns>The estimate, or <see langword="null"/> when the C library does not tell or there are too few samples.</returns>
    public static MemoryEstimate? Measure(TrainingSession session, int seed)
    {
        var (fewSamples, moreSamples) = Sizes(session.Split.GhostSize);
        if (session.Data.TrainingCount < moreSamples || session.Data.Device.type != DeviceType.CPU) return null;
        using var kept = new NetworkSnapshot(session.Network, null);
        // The first call also allocates what libraries keep from then on.
        Activations(session, seed, fewSamples);
        if (Activations(session, seed, fewSamples) is not { } few || Activations(session, seed, moreSamples) is not { } more) return null;
        var perSample = Math.Max(1, (more - few) / (moreSamples - fewSamples));
        var rest = Math.Max(0, few - fewSamples * perSample);
        // The gradient exists twice: parameter by parameter, and as the vector that they are gathered in.
        var gradients = 2 * session.Weights.Count * session.Weights.Values.element_size();
        return new(rest + gradients, (long)(perSample * PeakFactor));
    }

    /// <summary>Two small batches without an irregular ghost, which costs memory of its own: inside one ghost, or of several whole ones.</summary>
    private static (int Few, int More) Sizes(int ghostSize)
    {
        if (ghostSize == 0 || ghostSize >= MoreSamples) return (FewSamples, MoreSamples);
        var few = RoundedUp(FewSamples);
        return (few, few + RoundedUp(MoreSamples - FewSamples));

        int RoundedUp(int samples) => (samples + ghostSize - 1) / ghostSize * ghostSize;
    }

    /// <summary>Bytes that are held at the end of a forward pass, when everything waits for the backward pass.</summary>
    private static long? Activations(TrainingSession session, int seed, int samples)
    {
        var before = HostMemory.Allocated();
        using var scope = NewDisposeScope();
        var indexes = arange(samples, dtype: ScalarType.Int64);
        var (input, _) = session.Data.TrainingBatch(indexes, new(seed, 0, BatchSlice.Whole(GhostLayout.For(samples, 0))));
        session.Network.train();
        using var logits = session.Arithmetic.Forward(session.Network, input);
        return HostMemory.Allocated() - before;
    }
}
