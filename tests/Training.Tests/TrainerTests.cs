using System.Runtime.InteropServices;
using TorchSharp.Modules;
using Tracker.Domain;
using static TorchSharp.torch;

namespace Tracker.Training.Tests;

public sealed class TrainerTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_run_learns_and_tells_all_its_metrics()
    {
        var sink = new RecordingSink();
        var spec = Specs.Run("sb", batch: 100, examples: 2000, epochs: 3, rate: 0.02);
        var result = Train(spec, sink).ShouldNotBeNull();

        result.FinalValidationAccuracy.ShouldBeGreaterThan(0.7);
        result.BestValidationAccuracy.ShouldBeGreaterThanOrEqualTo(result.FinalValidationAccuracy);
        result.Steps.ShouldBe(60);
        result.Epochs.ShouldBe(3);
        result.Parameters.ShouldBe(1_462_794);
        result.SamplesPerSecond.ShouldBe(6000 / result.TrainSeconds, 1);
        result.Provenance.Threads.ShouldBe(1);
        result.Provenance.TorchVersion.ShouldNotBeNullOrEmpty();
        result.PeakMemoryBytes.ShouldNotBeNull().ShouldBeInRange(50_000_000, 64_000_000_000);

        sink.Points.Select(p => p.Name).Distinct().ShouldBe(MetricNames.All.Except([MetricNames.NoiseScale, MetricNames.TestLoss, MetricNames.TestAccuracy, MetricNames.TestTop5]), ignoreOrder: true);
        sink.Points.Select(p => (p.Step, p.Name)).ShouldBeUnique();
        Values(sink, MetricNames.TrainLoss).Count.ShouldBe(60);
        Values(sink, MetricNames.ValidationAccuracy).Keys.ShouldBe([20, 40, 60]);
        Values(sink, MetricNames.LearningRate).Values.Distinct().Count().ShouldBeGreaterThan(2);
        Values(sink, MetricNames.WeightDistance)[1].ShouldBeInRange(1e-4, 1);
        Values(sink, MetricNames.ValidationTop5).Values.ShouldAllBe(v => v > 0.95);
        sink.Progresses[^1].Step.ShouldBe(60);
        sink.Progresses[^1].BestValidationAccuracy.ShouldBe(result.BestValidationAccuracy);
        sink.Events.ShouldBeEmpty();
        new FileInfo(sink.Checkpoints.ShouldHaveSingleItem().Path).Length.ShouldBe(sink.Checkpoints[0].Bytes);
    }

    [Fact]
    public void The_same_run_gives_the_same_bits_and_another_seed_gives_others()
    {
        var (first, second, other) = (new RecordingSink(), new RecordingSink(), new RecordingSink());
        var result = Train(Specs.Run("lb+lr+gbn", batch: 256, examples: 600, rate: 0.02), first).ShouldNotBeNull();
        Train(Specs.Run("lb+lr+gbn", batch: 256, examples: 600, rate: 0.02), second).ShouldNotBeNull().WeightsSha256.ShouldBe(result.WeightsSha256);
        RecordingSink.Describe(second.Points).ShouldBe(RecordingSink.Describe(first.Points));
        Train(Specs.Run("lb+lr+gbn", batch: 256, examples: 600, rate: 0.02, seed: 1), other).ShouldNotBeNull().WeightsSha256.ShouldNotBe(result.WeightsSha256);
    }

    [Fact]
    public void Weights_can_start_from_a_fraction_of_their_usual_size()
    {
        using var scope = NewDisposeScope();
        var usual = Specs.Run();
        Tensor Start(RunSpec spec)
        {
            using var session = new TrainingSession(spec, new() { CheckpointDirectory = _directory.Path }, CPU, () => SomeImages.For(spec, CPU));
            session.InitialWeights.Equals(session.Weights.Values).ShouldBeTrue();
            return session.Weights.Values.clone();
        }
        (Start(usual) * 0.1).allclose(Start(usual with { InitialScale = 0.1 })).ShouldBeTrue();
    }

    [Fact]
    public void Two_threads_give_the_same_bits_every_time()
    {
        var spec = Specs.Run("lb+lr+gbn", batch: 256, examples: 600, rate: 0.02);
        string Train2() => Trainer.Run(
            spec, new TrainingOptions { CheckpointDirectory = _directory.Path, Threads = 2 }, new RecordingSink(), device => SomeImages.For(spec, device), default)
            .ShouldNotBeNull().WeightsSha256;
        Train2().ShouldBe(Train2());
    }

    [Fact]
    public void A_training_that_needs_too_much_memory_says_so()
    {
        var failure = Should.Throw<TrainingOutOfMemoryException>(() => Trainer.Run(
            Specs.Run(), new TrainingOptions { CheckpointDirectory = _directory.Path }, new RecordingSink(),
            device => throw Should.Throw<ExternalException>(() => empty(1L << 46, device: device)), default));
        failure.Message.ShouldStartWith("Out of memory; a smaller batch needs less.");
        failure.Message.ShouldNotContain("\n");
    }

    [Fact]
    public void A_full_disk_does_not_end_the_run_and_keeps_the_old_checkpoint()
    {
        // Writing to this name really meets a full device.
        File.CreateSymbolicLink(_directory.File("checkpoint-3.safetensors.tmp"), "/dev/full");
        var sink = new RecordingSink();
        var result = Train(Specs.Run("sb", batch: 64, examples: 320, epochs: 1), sink, TimeSpan.Zero).ShouldNotBeNull();

        result.Steps.ShouldBe(5);
        sink.Checkpoints.Select(c => c.Step).ShouldBe([1, 2, 4, 5]);
        var (level, message) = sink.Events.ShouldHaveSingleItem();
        level.ShouldBe(EventLevel.Warning);
        message.ShouldContain("The checkpoint of step 3 could not be written");
        message.ShouldContain("the checkpoint of step 2 is kept");
        message.ShouldContain("No space left on device", Case.Insensitive);
        Directory.EnumerateFiles(_directory.Path, "*.tmp").ShouldBeEmpty();
        new SafetensorsReader(_directory.File("checkpoint-2.safetensors"), sink.Checkpoints[1].Sha256).Text("step").ShouldBe("2");
    }

    [Fact]
    public void A_run_that_diverges_says_when_and_of_what()
    {
        var sink = new RecordingSink();
        var spec = Specs.Run("sb", batch: 100, examples: 1000);
        spec = spec with { Parameters = spec.Parameters with { LearningRate = 1e30, Clip = 0 } };
        var failure = Should.Throw<TrainingDivergedException>(() => Train(spec, sink));
        failure.Step.ShouldBeInRange(1, 10);
        failure.Message.ShouldContain($"at step {failure.Step}");
        sink.Points.ShouldAllBe(p => double.IsFinite(p.Value) && p.Step < failure.Step);
        TrainingExitCode.For(failure).ShouldBe(ExitCodes.Diverged);
    }

    [Fact]
    public void A_device_that_does_not_exist_is_refused()
    {
        var spec = Specs.Run();
        foreach (var device in new[] { "gpu", "cuda:99", "cpu:1", "cuda:x" })
        {
            var failure = Should.Throw<SpecificationException>(() => Trainer.Run(
                spec, new TrainingOptions { CheckpointDirectory = _directory.Path, Device = device }, new RecordingSink(), default));
            failure.Message.ShouldContain($"'{device}'");
        }
    }

    [Fact]
    public void Too_little_memory_is_told_from_other_failures_of_libtorch()
    {
        var tooMuch = Should.Throw<ExternalException>(() => empty(1L << 46));
        TrainingOutOfMemoryException.IsOutOfMemory(tooMuch).ShouldBeTrue(tooMuch.Message);
        var other = Should.Throw<ExternalException>(() => ones(2, 3).view(5));
        TrainingOutOfMemoryException.IsOutOfMemory(other).ShouldBeFalse(other.Message);
        TrainingExitCode.For(new TrainingOutOfMemoryException(tooMuch)).ShouldBe(ExitCodes.OutOfMemory);
    }

    [Fact]
    public void A_training_leaves_no_tensor_behind()
    {
        // TorchSharp's own counter misses that a parameter takes the place of the tensor it is made of.
        var missed = TensorsAfter(() => new Parameter(zeros(1)).Dispose());
        using var network = NetworkFactory.Create("f1", 10, NormalizationOptions.Ghosts(32), seed: 0);
        TensorsAfter(() => Train(Specs.Run("lb+gbn", batch: 256, examples: 600), new RecordingSink()))
            .ShouldBe(missed * network.parameters().Count());
    }

    /// <summary>How many more tensors there are after doing something for the second time.</summary>
    private static long TensorsAfter(Action action)
    {
        action();
        // What earlier tests left to the finalizers must not vanish while this counts.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var before = Tensor.TotalCount;
        action();
        return Tensor.TotalCount - before;
    }

    private static Dictionary<long, double> Values(RecordingSink sink, string metric) =>
        sink.Points.Where(p => p.Name == metric).ToDictionary(p => p.Step, p => p.Value);

    private RunResult? Train(RunSpec spec, RecordingSink sink, TimeSpan? interval = null) => Trainer.Run(
        spec, new TrainingOptions { CheckpointDirectory = _directory.Path, Threads = 1, CheckpointInterval = interval ?? TimeSpan.FromHours(1) },
        sink, device => SomeImages.For(spec, device), default);
}
