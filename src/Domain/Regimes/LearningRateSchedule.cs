namespace Tracker.Domain;

/// <summary>A constant learning rate from one step on.</summary>
/// <param name="StartStep">The first step (weight update) with this rate, counted from 0.</param>
/// <param name="LearningRate">The rate.</param>
public readonly record struct SchedulePhase(long StartStep, double LearningRate);

/// <summary>A rise of the learning rate in a straight line over the first steps (Goyal et al., section 2.2).</summary>
/// <param name="Steps">How many steps it takes; 0 for none.</param>
/// <param name="InitialRate">The rate of step 0.</param>
public readonly record struct WarmUp(int Steps, double InitialRate);

/// <summary>The learning rate as a pure function of the step.</summary>
public sealed class LearningRateSchedule
{
    /// <summary>Creates a schedule from its phases.</summary>
    /// <param name="phases">Phases by ascending start; the first starts at step 0.</param>
    /// <param name="warmUp">A rise to the phases' rate over the first steps.</param>
    /// <exception cref="ArgumentException">There is no phase, the first does not start at step 0, or starts do not ascend.</exception>
    public LearningRateSchedule(IReadOnlyList<SchedulePhase> phases, WarmUp warmUp = default)
    {
        ArgumentNullException.ThrowIfNull(phases);
        if (phases.Count == 0 || phases[0].StartStep != 0)
            throw new ArgumentException("A schedule needs a first phase that starts at step 0.", nameof(phases));
        for (var i = 1; i < phases.Count; i++)
        {
            if (phases[i].StartStep < phases[i - 1].StartStep)
                throw new ArgumentException($"Phase {i} starts at step {phases[i].StartStep}, before phase {i - 1}.", nameof(phases));
        }
        Phases = phases;
        WarmUp = warmUp;
    }

    /// <summary>The phases by ascending start.</summary>
    public IReadOnlyList<SchedulePhase> Phases { get; }

    /// <summary>The rise over the first steps.</summary>
    public WarmUp WarmUp { get; }

    /// <summary>The rate of a step: that of its phase, or during the warm-up the same share of the way to it as of the warm-up's steps.</summary>
    /// <param name="step">The step, counted from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="step"/> is negative.</exception>
    public double RateAt(long step)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        var index = Phases.Count - 1;
        while (Phases[index].StartStep > step) index--;
        var rate = Phases[index].LearningRate;
        return step < WarmUp.Steps ? WarmUp.InitialRate + (rate - WarmUp.InitialRate) * step / WarmUp.Steps : rate;
    }

    /// <summary>The schedule of a regime when an epoch has <paramref name="stepsPerEpoch"/> updates; starts round to the nearest step.</summary>
    /// <param name="regime">The regime, its rates already scaled and its phases already adapted.</param>
    /// <param name="stepsPerEpoch">Weight updates in one epoch, at least 1.</param>
    /// <param name="warmUp">A rise to the regime's rate over the first steps.</param>
    public static LearningRateSchedule From(Regime regime, long stepsPerEpoch, WarmUp warmUp = default)
    {
        ArgumentNullException.ThrowIfNull(regime);
        ArgumentOutOfRangeException.ThrowIfLessThan(stepsPerEpoch, 1);
        return new([.. regime.Phases.Select(p => new SchedulePhase((long)Math.Round(p.StartEpoch * stepsPerEpoch, MidpointRounding.AwayFromZero), p.LearningRate))], warmUp);
    }
}
