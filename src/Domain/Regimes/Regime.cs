namespace Tracker.Domain;

/// <summary>One phase of a training regime.</summary>
/// <param name="StartEpoch">The epoch at which the phase starts; the first phase starts at 0. Epochs may be fractions.</param>
/// <param name="LearningRate">The learning rate during the phase, at the small batch size.</param>
public sealed record RegimePhase(double StartEpoch, double LearningRate);

/// <summary>How a network is trained at its small batch size: length, learning rates, momentum and weight decay.</summary>
/// <param name="Epochs">Length in epochs, larger than 0.</param>
/// <param name="Phases">Phases by ascending start; the first starts at epoch 0.</param>
/// <param name="Momentum">Momentum of SGD, from 0 up to but not including 1.</param>
/// <param name="WeightDecay">L2 coefficient added to every parameter's gradient.</param>
public sealed record Regime(double Epochs, IReadOnlyList<RegimePhase> Phases, double Momentum, double WeightDecay)
{
    /// <summary>The same regime compressed or stretched to another length: every phase keeps its share of the epochs.</summary>
    /// <param name="epochs">The new length in epochs, larger than 0.</param>
    public Regime ScaledTo(double epochs) => Stretched(epochs / Epochs);

    /// <summary>
    /// Regime adaptation (section 5 of the paper): every phase of e epochs becomes <paramref name="factor"/>·e epochs, with
    /// <paramref name="factor"/> = |B_L| / |B_S|, so that the number of weight updates stays that of the small batch.
    /// </summary>
    /// <param name="factor">The stretch, larger than 0.</param>
    public Regime Stretched(double factor) => this with
    {
        Epochs = Epochs * factor,
        Phases = [.. Phases.Select(p => p with { StartEpoch = p.StartEpoch * factor })],
    };

    /// <summary>The same regime with another initial rate: later rates keep their ratio to the first.</summary>
    /// <param name="rate">The new initial learning rate, larger than 0.</param>
    public Regime WithInitialRate(double rate) => WithRatesTimes(rate / Phases[0].LearningRate);

    /// <summary>The same regime with every rate multiplied by <paramref name="factor"/>.</summary>
    /// <param name="factor">The factor, larger than 0.</param>
    public Regime WithRatesTimes(double factor) => factor == 1 ? this : this with
    {
        Phases = [.. Phases.Select(p => p with { LearningRate = p.LearningRate * factor })],
    };
}
