using Tracker.Domain;

namespace Tracker.Training.Tests;

/// <summary>A run that is stopped anywhere and goes on ends as one that was never stopped.</summary>
public sealed class ResumeTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    /// <summary>How a new run is made to split its batches. A resumed one is not told: the checkpoint knows.</summary>
    private int? _microBatch;

    public void Dispose() => _directory.Dispose();

    public static TheoryData<string> Runs => ["sb", "gbn", "noise", "c1", "lars", "emso", "chunks", "held-out"];

    [Theory]
    [MemberData(nameof(Runs))]
    public void An_interrupted_run_ends_with_the_same_weights_and_the_same_points(string which)
    {
        var spec = which switch
        {
            "sb" => Specs.Run("sb", batch: 64, examples: 500),
            "gbn" => Specs.Run("lb+lr+gbn+ra", batch: 200, examples: 500, smallBatch: 100, ghost: 32, rate: 0.02),
            "noise" => Specs.Run("lb+noise", batch: 200, examples: 500, smallBatch: 100),
            "lars" => With(Specs.Run("lb+lr", batch: 200, examples: 500, smallBatch: 100), p => p with { Optimizer = OptimizerKind.Lars, WarmUp = 4 }),
            "emso" => With(Specs.Run("lb", batch: 200, examples: 500, smallBatch: 100), p => p with { Optimizer = OptimizerKind.Emso, InnerSteps = 2 }),
            "chunks" => Specs.Run("lb+gbn+noise", batch: 200, examples: 330, smallBatch: 100),
            "held-out" => HeldOut(Specs.Run("sb", batch: 64, examples: 500, epochs: 4)),
            _ => Specs.Run("lb+gbn", batch: 32, examples: 80, network: "c1", ghost: 16, smallBatch: 16),
        };
        var whole = new RecordingSink();
        _microBatch = which == "chunks" ? 64 : null;
        var expected = Train(spec, whole).ShouldNotBeNull();
        expected.Provenance.MicroBatch.ShouldBe(_microBatch);
        var total = RunPlan.For(spec).TotalSteps;
        expected.Steps.ShouldBe(total);

        foreach (var at in new[] { 1, total / 3, RunPlan.For(spec).StepsPerEpoch, total - 1 }.Distinct())
        {
            var (result, points) = TrainInterrupted(spec, _ => [at]);
            result.WeightsSha256.ShouldBe(expected.WeightsSha256, $"stopped at {at}");
            RecordingSink.Describe(points).ShouldBe(RecordingSink.Describe(whole.Points), $"stopped at {at}");
            result.FinalValidationAccuracy.ShouldBe(expected.FinalValidationAccuracy);
            result.BestValidationAccuracy.ShouldBe(expected.BestValidationAccuracy);
            result.FinalTrainLoss.ShouldBe(expected.FinalTrainLoss);
            result.Selected.ShouldBe(expected.Selected);
            result.Targets.Select(t => (t.Accuracy, t.Step)).ShouldBe(expected.Targets.Select(t => (t.Accuracy, t.Step)));
        }
    }

    [Fact]
    public void A_run_that_is_stopped_after_every_single_step_ends_the_same()
    {
        var spec = Specs.Run("lb+lr+gbn", batch: 150, examples: 400, ghost: 64, rate: 0.02);
        var whole = new RecordingSink();
        var expected = Train(spec, whole).ShouldNotBeNull();
        var (result, points) = TrainInterrupted(spec, total => Enumerable.Range(1, (int)total).Select(s => (long)s));
        result.WeightsSha256.ShouldBe(expected.WeightsSha256);
        RecordingSink.Describe(points).ShouldBe(RecordingSink.Describe(whole.Points));
    }

    [Fact]
    public void A_stop_in_the_middle_of_an_evaluation_loses_no_point()
    {
        var spec = Specs.Run("sb", batch: 100, examples: 300);
        var whole = new RecordingSink();
        var expected = Train(spec, whole).ShouldNotBeNull();
        using var stop = new CancellationTokenSource();
        // The last step before the evaluation is reported before it: there the stop arrives.
        var first = new RecordingSink { OnPoint = p => { if (p is { Step: 3, Name: MetricNames.WeightNorm }) stop.Cancel(); } };
        Train(spec, first, stop: stop.Token).ShouldBeNull();
        first.Points.ShouldNotContain(p => p.Name == MetricNames.ValidationLoss);
        var checkpoint = first.Checkpoints[^1];
        Path.GetFileName(checkpoint.Path).ShouldBe("checkpoint-3-unevaluated.safetensors");

        var second = new RecordingSink();
        var result = Train(spec, second, new ResumePoint(checkpoint.Path, checkpoint.Sha256)).ShouldNotBeNull();
        result.WeightsSha256.ShouldBe(expected.WeightsSha256);
        RecordingSink.Describe(first.Points.Concat(second.Points)).ShouldBe(RecordingSink.Describe(whole.Points));
        second.Checkpoints.ShouldAllBe(c => c.Path != checkpoint.Path);
    }

    [Fact]
    public void Checkpointing_after_every_step_changes_nothing()
    {
        var spec = Specs.Run("sb", batch: 64, examples: 300, epochs: 1);
        var often = new RecordingSink();
        var result = Train(spec, often, interval: TimeSpan.Zero).ShouldNotBeNull();
        often.Checkpoints.Count.ShouldBeGreaterThanOrEqualTo((int)result.Steps);
        result.WeightsSha256.ShouldBe(Train(spec, new RecordingSink()).ShouldNotBeNull().WeightsSha256);
    }

    [Fact]
    public void Time_of_training_and_evaluation_adds_up_over_attempts()
    {
        var (result, points) = TrainInterrupted(Specs.Run("sb", batch: 64, examples: 300), total => [total / 2]);
        points.Select(p => p.WallMs).ShouldBeInOrder();
        result.TrainSeconds.ShouldBeGreaterThan(0);
        result.EvalSeconds.ShouldBeGreaterThan(0);
        (points[^1].WallMs / 1000.0).ShouldBe(result.TrainSeconds + result.EvalSeconds, 1);
    }

    [Fact]
    public void A_checkpoint_of_another_run_is_refused()
    {
        var sink = new RecordingSink();
        Train(Specs.Run("sb", batch: 64, examples: 100, epochs: 1), sink).ShouldNotBeNull();
        var other = Specs.Run("sb", batch: 64, examples: 100, epochs: 1, seed: 1);
        Should.Throw<CheckpointException>(() => Train(other, new RecordingSink(), new ResumePoint(sink.Checkpoints[^1].Path)))
            .Message.ShouldContain($"expected a checkpoint of the run with fingerprint {other.Fingerprint()}");
    }

    private static RunSpec With(RunSpec spec, Func<HyperParameters, HyperParameters> change) => spec with { Parameters = change(spec.Parameters) };

    /// <summary>Everything that has to survive besides weights: a selection rule, targets, the momentum's reset.</summary>
    private static RunSpec HeldOut(RunSpec spec) => spec with
    {
        ValidationExamples = 100,
        Selection = new(SelectionKind.MeanOfLast, 3),
        Diagnostics = new() { Targets = [0.2, 0.5, 0.99] },
        Protocol = new() { LastBatch = LastBatch.Drop, MomentumReset = MomentumReset.Epoch, Decay = DecayScope.Weights },
    };

    private (RunResult Result, List<MetricPoint> Points) TrainInterrupted(RunSpec spec, Func<long, IEnumerable<long>> stops) =>
        Attempts.TrainInterrupted(spec, stops);

    private RunResult? Train(RunSpec spec, RecordingSink sink, ResumePoint? resume = null, TimeSpan? interval = null, CancellationToken stop = default) =>
        Attempts.Train(spec, sink, resume, interval, stop);

    private Attempts Attempts => new(_directory.Path, SomeImages.For) { MicroBatch = _microBatch };
}
