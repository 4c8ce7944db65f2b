using System.Numerics;
using Tracker.Domain;

namespace Tracker.Training;

/// <summary>
/// Which steps are reported and after which the network is evaluated: pure functions of the step, so that an interrupted run reports
/// what an uninterrupted one reports.
/// </summary>
public sealed class ReportSchedule
{
    /// <summary>Up to this step every one is reported; then the interval doubles whenever the step does.</summary>
    private const int DenseSteps = 64;

    /// <summary>The interval grows no further once a run of its length has about this many points.</summary>
    private const int WantedPoints = 400;

    private readonly int _stepsPerEpoch;
    private readonly long _totalSteps;
    private readonly int _epochs;
    private readonly int _evaluations;
    private readonly long _largestInterval;

    /// <summary>Creates the schedule of a run.</summary>
    /// <param name="spec">The run; its epochs before regime adaptation say how often it is evaluated.</param>
    /// <param name="plan">Its plan.</param>
    public ReportSchedule(RunSpec spec, RunPlan plan)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(plan);
        _stepsPerEpoch = plan.StepsPerEpoch;
        _totalSteps = plan.TotalSteps;
        _epochs = plan.Epochs;
        _evaluations = Math.Min(spec.Epochs, plan.Epochs);
        _largestInterval = (long)BitOperations.RoundUpToPowerOf2((ulong)Math.Max(1, plan.TotalSteps / WantedPoints));
    }

    /// <summary>
    /// Whether the values of a step are reported. Steps thin out with their logarithm, because the paper plots ‖w_t − w_0‖ against
    /// log t, up to an interval that still shows late training. Every step with an evaluation is reported.
    /// </summary>
    /// <param name="step">Updates done, from 1.</param>
    public bool Reports(long step)
    {
        var interval = Math.Min((long)BitOperations.RoundUpToPowerOf2((ulong)((step + DenseSteps - 1) / DenseSteps)), _largestInterval);
        return step % interval == 0 || Evaluates(step);
    }

    /// <summary>
    /// Whether the network is evaluated after a step: once for every epoch of the regime as it was before adaptation. So every column
    /// of the paper's tables is evaluated equally often, and "best so far" has as many chances in each.
    /// </summary>
    /// <param name="step">Updates done, from 1.</param>
    public bool Evaluates(long step)
    {
        if (step == _totalSteps) return true;
        if (step == 0 || step % _stepsPerEpoch != 0) return false;
        var epoch = step / _stepsPerEpoch;
        return epoch * _evaluations / _epochs > (epoch - 1) * _evaluations / _epochs;
    }

    /// <summary>Evaluations that are still to come after a step.</summary>
    /// <param name="step">Updates done.</param>
    public long EvaluationsAfter(long step) => _evaluations - step / _stepsPerEpoch * _evaluations / _epochs;
}
