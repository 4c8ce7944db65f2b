using System.Security.Cryptography;
using System.Text;
using Tracker.Domain;

namespace Tracker.Benchmarks.Seed;

/// <summary>What became of a run of the seed: a function of the run alone, so that every seed of that size is the same but for its dates.</summary>
internal sealed class SeedRun
{
    private const string Version = "1.0.0";

    private static readonly Dictionary<string, (double Accuracy, double SamplesPerSecond)> s_known = new()
    {
        ["f1 fashion-mnist"] = (0.897, 110_000), ["f1 mnist"] = (0.984, 110_000), ["c1 cifar10"] = (0.806, 42_000), ["c1 fashion-mnist-32"] = (0.918, 42_000),
        ["c3 cifar100"] = (0.523, 42_000), ["resnet44 cifar10"] = (0.926, 9_500), ["resnet44 fashion-mnist-32"] = (0.941, 9_500),
        ["vgg16 cifar10"] = (0.931, 8_200), ["vgg16 fashion-mnist-32"] = (0.944, 8_200), ["wresnet16-4 cifar100"] = (0.748, 5_100),
    };

    private static readonly FailureKind[] s_failures = Enum.GetValues<FailureKind>();
    private readonly Random _random;
    private readonly (double Accuracy, double SamplesPerSecond) _known;

    public SeedRun(long id, RunSpec spec, SeedFate fate, DateTimeOffset submitted, int ordinal, DateTimeOffset now)
    {
        (Id, Spec, Plan) = (id, spec, RunPlan.For(spec));
        Hash = SHA256.HashData(Encoding.UTF8.GetBytes(spec.Fingerprint()));
        _random = new(BitConverter.ToInt32(Hash));
        _known = s_known[$"{spec.Network} {spec.Dataset}"];
        State = Draw(fate);
        Share = State switch
        {
            RunState.Succeeded => 1,
            RunState.Queued => 0,
            RunState.Failed when Failure is FailureKind.BadSpecification or FailureKind.BadData => 0,
            _ => 0.05 + (0.85 * _random.NextDouble()),
        };
        SamplesPerSecond = _known.SamplesPerSecond * (0.97 + (0.06 * _random.NextDouble())) * (1 - (0.25 * spec.SmallBatch / spec.Batch));
        Accuracy = FinalAccuracy();
        Step = (long)(Share * Plan.TotalSteps);
        Seconds = (double)Step * spec.Batch / SamplesPerSecond;
        Started = State == RunState.Running ? now.AddSeconds(-1.1 * Seconds) : submitted.AddSeconds(20 + (8 * ordinal));
        Ended = Started.AddSeconds(1.1 * Seconds);
        Attempts = State == RunState.Queued ? 0 : State == RunState.Failed && Failure is FailureKind.HostLost or FailureKind.Crashed ? 3 : _random.Next(20) == 0 ? 2 : 1;
    }

    public long Id { get; }

    public RunSpec Spec { get; }

    public RunPlan Plan { get; }

    public RunState State { get; }

    public FailureKind? Failure { get; private set; }

    /// <summary>How much of the training was done.</summary>
    public double Share { get; }

    /// <summary>The accuracy that the whole training leads to.</summary>
    public double Accuracy { get; }

    public double SamplesPerSecond { get; }

    public long Step { get; }

    /// <summary>Seconds of training done.</summary>
    public double Seconds { get; }

    public DateTimeOffset Started { get; }

    public DateTimeOffset Ended { get; }

    public int Attempts { get; }

    /// <summary>Numbers of the run's own that do not change.</summary>
    public byte[] Hash { get; }

    public bool Began => Attempts > 0 && Step > 0;

    public RunResult Result(string host) => new(
        Accuracy, Accuracy + (0.003 * Hash[4] / 255), 2.2 * (1 - Accuracy) + 0.1, 1.4 * (1 - Accuracy), Plan.TotalSteps, Plan.Epochs, Seconds, 0.1 * Seconds,
        SamplesPerSecond, Catalogue.GetNetwork(Spec.Network).Size.Parameters(Catalogue.GetDataset(Spec.Dataset).Classes), Convert.ToHexStringLower(Hash),
        new(Version, "2.7.1", "cuda:0", 4, host, "Debian GNU/Linux 12", Started))
    {
        PeakMemoryBytes = 1_400_000_000L + (Hash[5] << 20),
    };

    public RunProgress Progress(double trainLoss, double validationAccuracy) => new(
        Step, Plan.TotalSteps, Plan.Epochs * Share, Plan.Epochs, SamplesPerSecond, State == RunState.Running ? Seconds * (1 - Share) / Math.Max(Share, 0.01) : null,
        trainLoss, validationAccuracy, validationAccuracy + 0.002);

    public CheckpointInfo Checkpoint() => new(Step, $"/data/runs/{Id}/step-{Step:D9}.safetensors", Convert.ToHexStringLower(SHA256.HashData(Hash)), 11_700_000);

    public string FailureReason() => Failure switch
    {
        FailureKind.BadSpecification => "Batch 4096 does not fit the ghost batch.",
        FailureKind.BadData => "train-images-idx3-ubyte.gz: SHA-256 differs from what was expected.",
        FailureKind.OutOfMemory => "CUDA out of memory: 2.31 GiB were asked for, 1.02 GiB are free. Take a smaller batch, or let it be processed in parts.",
        FailureKind.Diverged => $"The training loss is not a number at step {Step}. Lower the learning rate.",
        FailureKind.Killed => "The process was killed (signal 9): the machine was short of memory.",
        FailureKind.Crashed => "The process ended by signal 11.",
        FailureKind.HostLost => "3 times in a row a host vanished while it held this run. It is quarantined until somebody retries it.",
        _ => "The database could not be reached for 10 minutes when the end was to be recorded.",
    };

    private RunState Draw(SeedFate fate)
    {
        if (fate is SeedFate.Running) return RunState.Running;
        if (fate is SeedFate.Queued) return RunState.Queued;
        var (draw, kind) = (_random.Next(1000), _random.Next(s_failures.Length));
        if (fate is SeedFate.Long || draw >= 65) return RunState.Succeeded;
        if (draw >= 50) return RunState.Cancelled;
        if (draw >= 42) return RunState.Paused;
        Failure = s_failures[kind];
        return RunState.Failed;
    }

    /// <summary>A large batch loses with its logarithm; the rate wins back half of it, ghost batches most of the rest, the adapted regime all.</summary>
    private double FinalAccuracy()
    {
        var won = !Spec.Method.LargeBatch ? 1 : (Spec.Method.LearningRate ? 0.5 : 0) + (Spec.Method.GhostBatchNorm ? 0.3 : 0) + (Spec.Method.RegimeAdaptation ? 0.22 : 0);
        var gap = 0.11 * (1 - _known.Accuracy + 0.12) * Math.Log2(Math.Max(1, Spec.BatchRatio));
        var rate = Math.Log2(Spec.Parameters.LearningRate / Catalogue.GetNetwork(Spec.Network).Regime.Phases[0].LearningRate);
        var noise = _random.NextDouble() + _random.NextDouble() + _random.NextDouble() - 1.5;
        return _known.Accuracy - (gap * (1 - won)) - (0.003 * rate * rate) + (0.003 * noise);
    }
}
