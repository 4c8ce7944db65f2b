using Tracker.Domain;
using TorchSharp;
using static TorchSharp.torch;

namespace Tracker.Training.Tests;

/// <summary>A batch that is processed in chunks gives the numbers of the whole batch, up to rounding.</summary>
public sealed class ChunkTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    public static TheoryData<string, int> Runs => new()
    {
        { "gbn", 64 }, { "gbn", 100 }, { "gbn-noise", 32 }, { "gbn-equal", 64 }, { "c1-gbn-noise", 16 }, { "c1-none", 7 }, { "f1-none-noise", 30 },
    };

    [Theory]
    [MemberData(nameof(Runs))]
    public void Gradient_and_running_statistics_do_not_depend_on_the_chunks(string which, int limit)
    {
        var spec = Spec(which);
        // By libtorch's own operations, most of which compute a sample alike in every chunk.
        using var suspended = HostKernels.Suspend();
        using var scope = NewDisposeScope();
        set_num_threads(1);
        var (whole, chunked) = (Pass(spec, 0, out _), Pass(spec, limit, out var chunks));
        chunks.ShouldBeGreaterThan(1);
        foreach (var ((name, expected), (_, found)) in whole.Zip(chunked))
            ((found - expected).Norm() / (expected.Norm() + 1e-20)).ToDouble().ShouldBeLessThan(Tolerance(spec, name), name);
    }

    [Fact]
    public void Kernels_of_our_own_compute_chunks_as_they_compute_the_batch()
    {
        using var scope = NewDisposeScope();
        set_num_threads(1);
        var spec = Specs.Run("lb+gbn+noise", batch: 1600, examples: 2000, smallBatch: 100, ghost: 128);
        var (whole, chunked) = (Pass(spec, 0, out _), Pass(spec, 512, out _));
        // Each of the two million units counts for one of many samples; a few are lifted over zero by rounding.
        foreach (var ((name, expected), (_, found)) in whole.Zip(chunked))
            ((found - expected).Norm() / (expected.Norm() + 1e-20)).ToDouble().ShouldBeLessThan(1e-2, name);
    }

    /// <summary>
    /// Of half a million activations one may be so close to 0 that rounding decides whether ReLU passes it on, in one library and not in
    /// another: losses and statistics do not notice, the gradient changes in the third digit.
    /// </summary>
    private static double Tolerance(RunSpec spec, string name) =>
        name.StartsWith("gradient", StringComparison.Ordinal) ? 2e-2 : spec.Network == "f1" ? 1e-5 : 1e-4;

    [Theory]
    [InlineData(OptimizerKind.Sgd)]
    [InlineData(OptimizerKind.Emso)]
    public void A_run_in_chunks_learns_what_it_learns_whole(OptimizerKind optimizer)
    {
        var spec = Specs.Run("lb+lr+gbn+noise", batch: 200, examples: 530, smallBatch: 100, rate: 0.02);
        spec = spec with { Parameters = spec.Parameters with { Optimizer = optimizer } };
        var (whole, chunked) = (new RecordingSink(), new RecordingSink());
        var expected = Train(spec, whole, new()).ShouldNotBeNull();
        var result = Train(spec, chunked, new() { MicroBatch = 100 }).ShouldNotBeNull();
        expected.Provenance.MicroBatch.ShouldBeNull();
        result.Provenance.MicroBatch.ShouldBe(100);
        var losses = chunked.Points.Where(p => p.Name == MetricNames.TrainLoss).Select(p => p.Value).ToList();
        losses.Count.ShouldBe(6);
        foreach (var (found, wanted) in losses.Zip(whole.Points.Where(p => p.Name == MetricNames.TrainLoss))) found.ShouldBe(wanted.Value, 1e-2 * wanted.Value);
        result.FinalValidationLoss.ShouldBe(expected.FinalValidationLoss, 1e-2 * expected.FinalValidationLoss);
    }

    [Fact]
    public void When_memory_runs_out_the_chunks_are_halved_and_nothing_else_changes()
    {
        using var scope = NewDisposeScope();
        set_num_threads(1);
        var spec = Spec("gbn");
        var expected = Pass(spec, 64, out _);
        var found = Pass(spec, 0, out _, largest: 80, out var told);
        told.ShouldBe(
        [
            "A batch of 200 does not fit into memory: from now on it is processed 96 at a time.",
            "A batch of 200 does not fit into memory: from now on it is processed 32 at a time.",
        ]);
        foreach (var ((name, wanted), (_, value)) in expected.Zip(found)) ((value - wanted).Norm() / wanted.Norm()).ToDouble().ShouldBeLessThan(Tolerance(spec, name), name);
    }

    [Fact]
    public void What_cannot_be_split_is_out_of_memory_and_says_what_can()
    {
        var plain = Specs.Run("lb", batch: 200, examples: 330, smallBatch: 100);
        Should.Throw<TrainingOutOfMemoryException>(() => Pass(plain, 0, out _, largest: 100, out _)).Message.ShouldContain("With +gbn, or without normalization");
        Should.Throw<TrainingOutOfMemoryException>(() => Pass(Spec("gbn"), 0, out _, largest: 20, out _)).Message.ShouldNotContain("+gbn");
    }

    [Fact]
    public void Too_little_free_memory_splits_a_batch_before_it_is_tried()
    {
        var spec = Specs.Run("lb+gbn", batch: 1600, examples: 1600, epochs: 1);
        using var session = new TrainingSession(spec, new() { CheckpointDirectory = _directory.Path }, CPU, () => SomeImages.For(spec, CPU));
        var needed = MemoryEstimate.Measure(session, spec.Seed).ShouldNotBeNull().For(800);
        var result = Train(spec, new(), new() { FreeMemory = () => needed * 10 / 6 }).ShouldNotBeNull();
        result.Provenance.MicroBatch.ShouldNotBeNull().ShouldBeInRange(400, 1200);
        Train(spec, new(), new() { FreeMemory = () => 1L << 40 }).ShouldNotBeNull().Provenance.MicroBatch.ShouldBeNull();
        var plain = Specs.Run("lb", batch: 200, examples: 330, smallBatch: 100);
        Should.Throw<TrainingOutOfMemoryException>(() => Train(plain, new(), new() { FreeMemory = () => 4 << 20 }))
            .Message.ShouldContain("200 samples that have to be processed together need about");
    }

    [Fact]
    public void A_run_that_goes_on_where_memory_is_scarcer_takes_smaller_chunks()
    {
        var spec = Specs.Run("lb+gbn", batch: 1600, examples: 1600, epochs: 2);
        using var stop = new CancellationTokenSource();
        var first = new RecordingSink { OnCheckpoint = _ => stop.Cancel() };
        Train(spec, first, new() { Interval = TimeSpan.Zero }, stop.Token).ShouldBeNull();
        var resume = new ResumePoint(first.Checkpoints[^1].Path);
        using var session = new TrainingSession(spec, new() { CheckpointDirectory = _directory.Path }, CPU, () => SomeImages.For(spec, CPU));
        var needed = MemoryEstimate.Measure(session, spec.Seed).ShouldNotBeNull().For(800);
        var result = Train(spec, new(), new() { FreeMemory = () => needed, Resume = resume }).ShouldNotBeNull();
        result.Provenance.MicroBatch.ShouldNotBeNull().ShouldBeInRange(200, 1000);
        Train(spec, new(), new() { FreeMemory = () => needed * 3, Resume = resume }).ShouldNotBeNull().Provenance.MicroBatch.ShouldBeNull();
    }

    [Theory]
    [InlineData("lb", "needs the whole batch of 200")]
    [InlineData("lb+gbn", "at least one ghost batch, 32 samples, found 20")]
    public void A_size_that_would_split_what_cannot_be_split_is_refused(string method, string reason) =>
        Should.Throw<SpecificationException>(() => Train(Specs.Run(method, batch: 200, examples: 330, smallBatch: 100), new(), new() { MicroBatch = 20 }))
            .Message.ShouldContain(reason);

    private sealed record Settings
    {
        public int? MicroBatch { get; init; }

        public Func<long?> FreeMemory { get; init; } = () => null;

        public ResumePoint? Resume { get; init; }

        public TimeSpan Interval { get; init; } = TimeSpan.FromHours(1);
    }

    private RunResult? Train(RunSpec spec, RecordingSink sink, Settings settings, CancellationToken stop = default) => Trainer.Run(
        spec,
        new TrainingOptions
        {
            CheckpointDirectory = _directory.Path, Threads = 1, MicroBatch = settings.MicroBatch, FreeMemory = settings.FreeMemory,
            Resume = settings.Resume, CheckpointInterval = settings.Interval,
        },
        sink, device => SomeImages.For(spec, device), stop);

    private List<(string Name, Tensor Value)> Pass(RunSpec spec, int limit, out int chunks) => Pass(spec, limit, out chunks, int.MaxValue, out _);

    /// <summary>What two steps leave: a full batch and the last, partial one.</summary>
    /// <param name="spec">The run.</param>
    /// <param name="limit">The most samples at once.</param>
    /// <param name="chunks">In how many chunks a full batch is processed.</param>
    /// <param name="largest">How many samples fit into memory; where there are more, it runs out behind the last layer.</param>
    /// <param name="told">What is told about it.</param>
    private List<(string Name, Tensor Value)> Pass(RunSpec spec, int limit, out int chunks, int largest, out List<string> told)
    {
        using var session = new TrainingSession(spec, new() { CheckpointDirectory = _directory.Path }, CPU, () => SomeImages.For(spec, CPU));
        session.State.ChunkLimit = limit;
        session.Network.train();
        session.Network.register_forward_hook((_, input, output) => input.shape[0] <= largest ? output : empty(1L << 46));
        var sink = new RecordingSink();
        var gradient = new BatchGradient(session, spec, sink);
        chunks = session.Split.Chunks(spec.Batch, limit).Count;
        var found = new List<(string, Tensor)>();
        for (var step = 0; step < session.Plan.StepsPerEpoch; step++)
        {
            var pass = gradient.Of(session.Order.Indexes(0, step), step);
            found.Add(($"gradient of step {step}", pass.Gradient));
            found.Add(($"loss of step {step}", pass.CrossEntropy));
            found.Add(($"right answers of step {step}", pass.Logits.argmax(1).eq(pass.Labels).sum().to(ScalarType.Float32)));
        }
        found.AddRange(StateDictionary.Of(session.Network).Where(s => s.Value is not TorchSharp.Modules.Parameter).Select(s => (s.Name, s.Value.to(ScalarType.Float32).clone())));
        told = [.. sink.Events.Select(e => e.Message)];
        return found;
    }

    private static RunSpec Spec(string which) => which switch
    {
        "gbn" => Specs.Run("lb+gbn", batch: 200, examples: 330, smallBatch: 100),
        "gbn-noise" => Specs.Run("lb+gbn+noise", batch: 200, examples: 233, smallBatch: 100),
        "gbn-equal" => Specs.Run("lb+gbn", batch: 200, examples: 330, smallBatch: 100) with { Protocol = new() { GhostStatistics = GhostStatistics.Equal } },
        "c1-gbn-noise" => Specs.Run("lb+gbn+noise", batch: 48, examples: 70, network: "c1", ghost: 16, smallBatch: 16),
        "c1-none" => Specs.Run("lb", batch: 24, examples: 40, network: "c1", smallBatch: 16) with { Normalization = NormalizationKind.None },
        _ => Specs.Run("lb+noise", batch: 100, examples: 150, smallBatch: 50) with { Normalization = NormalizationKind.None },
    };
}
