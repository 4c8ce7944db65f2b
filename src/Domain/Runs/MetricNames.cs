namespace Tracker.Domain;

/// <summary>The names under which runs report their metrics.</summary>
public static class MetricNames
{
    /// <summary>Mean cross-entropy of the mini-batch, in nats.</summary>
    public const string TrainLoss = "train/loss";

    /// <summary>Share of the mini-batch classified rightly, from 0 to 1.</summary>
    public const string TrainAccuracy = "train/accuracy";

    /// <summary>Mean cross-entropy over the validation set, in nats.</summary>
    public const string ValidationLoss = "validation/loss";

    /// <summary>Share of the validation set classified rightly, from 0 to 1.</summary>
    public const string ValidationAccuracy = "validation/accuracy";

    /// <summary>Share of the validation set whose class is among the five likeliest, from 0 to 1.</summary>
    public const string ValidationTop5 = "validation/top5";

    /// <summary>Mean cross-entropy over the test set, in nats, where validation has images of its own.</summary>
    public const string TestLoss = "test/loss";

    /// <summary>Share of the test set classified rightly, from 0 to 1, where validation has images of its own.</summary>
    public const string TestAccuracy = "test/accuracy";

    /// <summary>Share of the test set whose class is among the five likeliest, from 0 to 1, where validation has images of its own.</summary>
    public const string TestTop5 = "test/top5";

    /// <summary>The learning rate of the step, after scaling.</summary>
    public const string LearningRate = "learning_rate";

    /// <summary>Global L2 norm of the gradient before clipping.</summary>
    public const string GradientNorm = "grad_norm";

    /// <summary>1 when the gradient was clipped, else 0.</summary>
    public const string Clipped = "clipped";

    /// <summary>Training samples per second, evaluation excluded.</summary>
    public const string SamplesPerSecond = "samples_per_second";

    /// <summary>‖w_t − w_0‖ over all parameters (section 3 and figure 2 of the paper).</summary>
    public const string WeightDistance = "weight_distance";

    /// <summary>‖w_t‖ over all parameters.</summary>
    public const string WeightNorm = "weight_norm";

    /// <summary>The gradient noise scale.</summary>
    public const string NoiseScale = "noise_scale";

    /// <summary>Before the name of a parameter: its own ‖w_t − w_0‖.</summary>
    public const string LayerDistancePrefix = "weight_distance/";

    /// <summary>Cores that the training process used since it was last measured, such as 0.98.</summary>
    public const string SystemCpu = "system/cpu";

    /// <summary>Memory of the machine that the training process holds, in bytes.</summary>
    public const string SystemMemory = "system/memory";

    /// <summary>Time in which the run's GPU computed, for whomever, in percent of the driver's last sample period.</summary>
    public const string SystemGpu = "system/gpu";

    /// <summary>
    /// Memory of the GPU that the training process holds, in bytes; where the driver does not tell processes apart, as in a container,
    /// what all hold together.
    /// </summary>
    public const string SystemGpuMemory = "system/gpu_memory";

    /// <summary>Whether a metric tells what a run took of its machine; such values differ between two trainings of the same run.</summary>
    /// <param name="name">The metric's name.</param>
    public static bool IsOfSystem(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.StartsWith("system/", StringComparison.Ordinal);
    }

    /// <summary>Whether a metric is reported by an evaluation: on the validation set or the test set.</summary>
    /// <param name="name">The metric's name.</param>
    public static bool IsOfEvaluation(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.StartsWith("validation/", StringComparison.Ordinal) || name.StartsWith("test/", StringComparison.Ordinal);
    }

    /// <summary>Every name that a training reports, those of single parameters excepted.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        TrainLoss, TrainAccuracy, ValidationLoss, ValidationAccuracy, ValidationTop5, TestLoss, TestAccuracy, TestTop5, LearningRate, GradientNorm, Clipped,
        SamplesPerSecond, WeightDistance, WeightNorm, NoiseScale,
    ];

    /// <summary>What the process around a training reports of the machine; those of a GPU only where a run has one.</summary>
    public static IReadOnlyList<string> System { get; } = [SystemCpu, SystemMemory, SystemGpu, SystemGpuMemory];
}
