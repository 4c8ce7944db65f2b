using System.Globalization;
using Tracker.Domain;
using Tracker.Web.Components.Charts;
using Tracker.Web.Components.Parts;
using Tracker.Web.Formatting;

namespace Tracker.Web.Views;

/// <summary>The learning rate of each method over a run, drawn small and to one scale, in a box of 1000 × 100.</summary>
public sealed class RateStrips
{
    // Room above the highest rate and below the lowest, as in a strip of one decade.
    private const double Top = 16;
    private const double Bottom = 93;

    private readonly bool _byEpoch;
    private readonly double _end;
    private readonly double _low;
    private readonly double _high;

    /// <summary>The strips of one run per method.</summary>
    /// <param name="specs">The runs, at most one per method.</param>
    /// <param name="byEpoch">Along epochs instead of steps.</param>
    public RateStrips(IReadOnlyList<RunSpec> specs, bool byEpoch)
    {
        _byEpoch = byEpoch;
        var plans = specs.Select(spec => (Spec: spec, Plan: RunPlan.For(spec))).ToArray();
        var rates = plans.SelectMany(run => run.Plan.Schedule.Phases).Select(phase => Math.Log10(phase.LearningRate)).DefaultIfEmpty().ToArray();
        (_low, _high) = (rates.Min(), rates.Max());
        _end = plans.Select(run => byEpoch ? run.Plan.Epochs : (double)run.Plan.TotalSteps).DefaultIfEmpty(1).Max();
        Strips = [.. plans.Select(run => Draw(run.Spec, run.Plan))];
    }

    public IReadOnlyList<Strip> Strips { get; }

    /// <summary>Ticks of the axis below: place in percent, and number.</summary>
    public IEnumerable<(double Left, string Text)> Ticks
    {
        get
        {
            var interval = AxisScale.Interval(_end, 3);
            for (var tick = 0.0; tick < _end * 0.72; tick += interval)
                yield return (tick / _end * 100, Numbers.Big(tick).ToString());
            yield return (100, Numbers.Big(_end).ToString());
        }
    }

    /// <summary>One method's strip.</summary>
    /// <param name="Technique">The method.</param>
    /// <param name="Spec">A run of it.</param>
    /// <param name="Plan">What follows from it.</param>
    /// <param name="Rates">First and last rate: "0.4 → 0.04".</param>
    /// <param name="Line">SVG path of the rate.</param>
    /// <param name="Spoken">The same in words.</param>
    public sealed record Strip(Technique Technique, RunSpec Spec, RunPlan Plan, string Rates, string Line, string Spoken)
    {
        /// <summary>The phases that are reached.</summary>
        public IEnumerable<SchedulePhase> Phases => Plan.Schedule.Phases.Where(phase => phase.StartStep < Plan.TotalSteps);

        public string Area => "M0 100V" + Line[(Line.IndexOf(' ', StringComparison.Ordinal) + 1)..] + "V100z";
    }

    private Strip Draw(RunSpec spec, RunPlan plan)
    {
        var phases = plan.Schedule.Phases.Where(phase => phase.StartStep < plan.TotalSteps).ToArray();
        var line = $"M0 {Css(Y(phases[0].LearningRate))}"
            + string.Concat(phases.Skip(1).Select(phase => $"H{Css(X(plan, phase.StartStep))}V{Css(Y(phase.LearningRate))}"))
            + $"H{Css(X(plan, plan.TotalSteps))}";
        var (first, last) = (Numbers.Rate(phases[0].LearningRate), Numbers.Rate(phases[^1].LearningRate));
        var changes = string.Concat(phases.Skip(1).Select(phase => $", {Numbers.Setting(phase.LearningRate)} from step {Numbers.Count(phase.StartStep)}"));
        return new(Technique.Of(spec.Method), spec, plan, phases.Length == 1 ? first : $"{first} → {last}", line,
            $"{spec.Method.Title}: learning rate {Numbers.Setting(phases[0].LearningRate)}{changes}, ends at step {Numbers.Count(plan.TotalSteps)}");
    }

    private double X(RunPlan plan, long step) => (_byEpoch ? (double)step / plan.StepsPerEpoch : step) / _end * 1000;

    private double Y(double rate) => _high - _low < 1e-9 ? 40 : Bottom - (Math.Log10(rate) - _low) / (_high - _low) * (Bottom - Top);

    private static string Css(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);
}
