using Tracker.Domain;
using Tracker.Training;

namespace Tracker.Benchmarks.Seed;

/// <summary>The points of a run of the seed, at the steps that a training reports.</summary>
internal static class SeedCurves
{
    /// <summary>Metrics of every reported step.</summary>
    public static readonly string[] OfSteps =
    [
        MetricNames.TrainLoss, MetricNames.TrainAccuracy, MetricNames.LearningRate, MetricNames.GradientNorm, MetricNames.SamplesPerSecond,
        MetricNames.WeightDistance, MetricNames.WeightNorm,
    ];

    /// <summary>Metrics of every evaluation.</summary>
    public static readonly string[] OfEvaluations = [MetricNames.ValidationLoss, MetricNames.ValidationAccuracy];

    private static readonly Dictionary<(int, long, int, int), (long[] Steps, long[] Evaluations)> s_schedules = [];

    /// <summary>Steps that a run like this reports, and those after which it is evaluated.</summary>
    public static (long[] Steps, long[] Evaluations) Schedule(SeedRun run)
    {
        var (plan, spec) = (run.Plan, run.Spec);
        var key = (plan.StepsPerEpoch, plan.TotalSteps, plan.Epochs, spec.Epochs);
        if (s_schedules.TryGetValue(key, out var known)) return known;
        var schedule = new ReportSchedule(spec, plan);
        var (steps, evaluations) = (new List<long>(), new List<long>());
        for (var step = 1L; step <= plan.TotalSteps; step++)
        {
            if (schedule.Reports(step)) steps.Add(step);
            if (schedule.Evaluates(step)) evaluations.Add(step);
        }
        return s_schedules[key] = ([.. steps], [.. evaluations]);
    }

    /// <summary>A metric's value at a step.</summary>
    public static double Value(SeedRun run, string metric, long step)
    {
        var share = (double)step / run.Plan.TotalSteps;
        var epoch = (double)step / run.Plan.StepsPerEpoch;
        var noise = Noise(run, metric, step);
        var diverges = run.Failure == FailureKind.Diverged && step >= run.Step;
        return metric switch
        {
            MetricNames.TrainLoss when diverges => double.NaN,
            MetricNames.TrainLoss => Math.Max(0.001, Loss(run, epoch, share, 0.7) * (1 + (0.12 * noise))),
            MetricNames.TrainAccuracy => Math.Clamp(Accuracy(run, epoch, share) + (0.02 * noise) + (0.03 * share), 0, 1),
            MetricNames.ValidationLoss => Loss(run, epoch, share, 1) * (1 + (0.02 * noise)),
            MetricNames.ValidationAccuracy => Math.Clamp(Accuracy(run, epoch, share) + (0.004 * noise * (1 - share)), 0, 1),
            MetricNames.LearningRate => run.Plan.Schedule.RateAt(Math.Max(0, step - 1)),
            MetricNames.GradientNorm => (0.4 + (2.5 / (1 + epoch))) * Math.Exp(0.3 * noise),
            MetricNames.SamplesPerSecond => run.SamplesPerSecond * (1 + (0.04 * noise)),
            // The paper's figure 2: the distance grows with the logarithm of the step, faster at a high rate.
            MetricNames.WeightDistance => (1.1 + (0.4 * Math.Log2(1 + (10 * run.Plan.InitialLearningRate)))) * Math.Log(1 + step) * (1 + (0.005 * noise)),
            MetricNames.WeightNorm => 38 + (0.35 * Math.Log(1 + step)) + (0.02 * noise),
            _ => throw new ArgumentOutOfRangeException(nameof(metric), metric, "The seed has no such metric."),
        };
    }

    private static double Accuracy(SeedRun run, double epoch, double share)
    {
        var chance = 1.0 / Catalogue.GetDataset(run.Spec.Dataset).Classes;
        // Most comes in the first epochs, the rest with each drop of the rate.
        var fast = 1 - Math.Exp(-1.3 * Math.Pow(epoch, 0.6));
        return chance + ((run.Accuracy - chance) * ((0.86 * fast) + (0.14 * Drops(run, share))));
    }

    private static double Loss(SeedRun run, double epoch, double share, double part)
    {
        var first = Math.Log(Catalogue.GetDataset(run.Spec.Dataset).Classes);
        var last = part * ((2.2 * (1 - run.Accuracy)) + 0.05);
        var left = Math.Exp(-1.1 * Math.Pow(epoch, 0.55));
        return last + ((first - last) * left) + (0.35 * last * (1 - Drops(run, share)));
    }

    /// <summary>From 0 to 1 over the training, with a step wherever the rate drops.</summary>
    private static double Drops(SeedRun run, double share)
    {
        var rate = run.Plan.Schedule.RateAt((long)(share * (run.Plan.TotalSteps - 1)));
        var highest = run.Plan.Schedule.Phases.Max(p => p.LearningRate);
        return (0.4 * share) + (0.6 * Math.Min(1, Math.Log10(highest / rate) / 2)) * Math.Min(1, share * 1.2);
    }

    /// <summary>From −1 to 1, the same at every call.</summary>
    private static double Noise(SeedRun run, string metric, long step)
    {
        var mixed = unchecked(((ulong)step * 0x9E3779B97F4A7C15) ^ ((ulong)run.Id * 0xC2B2AE3D27D4EB4F) ^ ((ulong)metric.Length * 0x165667B19E3779F9));
        mixed ^= mixed >> 29;
        mixed *= 0xBF58476D1CE4E5B9;
        mixed ^= mixed >> 32;
        return ((mixed >> 11) / (double)(1UL << 52)) - 1;
    }
}
