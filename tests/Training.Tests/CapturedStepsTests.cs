using System.Runtime.InteropServices;
using Tracker.Domain;
using static TorchSharp.torch;

namespace Tracker.Training.Tests;

/// <summary>Steps with a graph, on graphs that repeat their work by calling it.</summary>
public sealed class CapturedStepsTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    public static TheoryData<string> Runs => ["sb", "gbn", "noise", "lars", "reset", "no-bn"];

    [Theory]
    [MemberData(nameof(Runs))]
    public void Captured_steps_give_the_weights_and_the_points_of_eager_ones(string which)
    {
        var spec = Spec(which);
        var (eager, captured, graph) = (new RecordingSink(), new RecordingSink(), new RepeatingGraph());
        var expected = Train(spec, eager, null).ShouldNotBeNull();
        var result = Train(spec, captured, graph).ShouldNotBeNull();

        result.WeightsSha256.ShouldBe(expected.WeightsSha256);
        RecordingSink.Describe(captured.Points).ShouldBe(RecordingSink.Describe(eager.Points));
        captured.Events.ShouldBeEmpty();
        graph.IsDisposed.ShouldBeTrue();
        // Recorded once for each rate; only the start, the first step of a rate and the last batch of an epoch are done eagerly.
        var plan = RunPlan.For(spec);
        var rates = Enumerable.Range(0, (int)plan.TotalSteps).Select(s => plan.Schedule.RateAt(s)).Distinct().Count();
        graph.Recordings.ShouldBe(rates);
        graph.Replays.ShouldBeGreaterThan((int)plan.TotalSteps / 3);
        result.Provenance.Arithmetic.ShouldBe("float32, steps captured");
        expected.Provenance.Arithmetic.ShouldBe("float32");
    }

    [Fact]
    public void An_interrupted_run_with_captured_steps_ends_the_same()
    {
        var spec = Spec("gbn");
        var expected = Train(spec, new RecordingSink(), new RepeatingGraph()).ShouldNotBeNull();
        using var stop = new CancellationTokenSource();
        var first = new RecordingSink { OnCheckpoint = c => { if (c.Step >= 9) stop.Cancel(); } };
        Train(spec, first, new RepeatingGraph(), TimeSpan.Zero, stop: stop.Token).ShouldBeNull();
        var last = first.Checkpoints[^1];
        Train(spec, new RecordingSink(), new RepeatingGraph(), resume: new(last.Path, last.Sha256)).ShouldNotBeNull()
            .WeightsSha256.ShouldBe(expected.WeightsSha256);
    }

    [Fact]
    public void A_graph_that_computes_something_else_is_found_out_and_given_up()
    {
        var spec = Spec("sb");
        var sink = new RecordingSink();
        // Work that is done twice moves the weights twice.
        var graph = new RepeatingGraph { Times = 2 };
        var result = Train(spec, sink, graph).ShouldNotBeNull();
        result.WeightsSha256.ShouldBe(Train(spec, new RecordingSink(), null).ShouldNotBeNull().WeightsSha256);
        sink.Events.ShouldHaveSingleItem().Message.ShouldBe("A captured step gave other numbers than the same step without capture. The run goes on without.");
        graph.Replays.ShouldBe(1);
        result.Provenance.Arithmetic.ShouldBe("float32");
    }

    [Fact]
    public void A_step_that_cannot_be_recorded_is_done_without()
    {
        var spec = Spec("sb");
        var sink = new RecordingSink();
        var graph = new RepeatingGraph { Failure = LibraryError("operation not permitted when stream is capturing\nat some frame") };
        Train(spec, sink, graph).ShouldNotBeNull().WeightsSha256.ShouldBe(Train(spec, new RecordingSink(), null).ShouldNotBeNull().WeightsSha256);
        var (level, message) = sink.Events.ShouldHaveSingleItem();
        level.ShouldBe(EventLevel.Warning);
        message.ShouldBe("Steps could not be captured (operation not permitted when stream is capturing). The run goes on without.");
        graph.Replays.ShouldBe(0);
    }

    [Theory]
    [InlineData("dropout")]
    [InlineData("emso")]
    public void Steps_that_no_graph_can_hold_are_not_recorded(string which)
    {
        var graph = new RepeatingGraph();
        var result = Train(Spec(which), new RecordingSink(), graph).ShouldNotBeNull();
        graph.Recordings.ShouldBe(0);
        result.Provenance.Arithmetic.ShouldBe("float32");
    }

    [Fact]
    public void A_processor_has_no_graphs() => CudaGraph.MakerFor(CPU).ShouldBeNull();

#pragma warning disable CA2201 // The type that errors of libtorch have.
    private static ExternalException LibraryError(string message) => new(message);
#pragma warning restore CA2201

    private static RunSpec Spec(string which)
    {
        var spec = which switch
        {
            "gbn" => Specs.Run("lb+lr+gbn+ra", batch: 100, examples: 430, smallBatch: 50, ghost: 16, rate: 0.02, epochs: 2),
            "noise" => Specs.Run("lb+noise", batch: 100, examples: 430, smallBatch: 50, rate: 0.02, epochs: 4),
            "dropout" => Specs.Run("sb", batch: 20, examples: 160, network: "c1", epochs: 1),
            _ => Specs.Run("sb", batch: 50, examples: 430, rate: 0.02, epochs: 3),
        };
        return which switch
        {
            "lars" => spec with { Parameters = spec.Parameters with { Optimizer = OptimizerKind.Lars } },
            "emso" => spec with { Parameters = spec.Parameters with { Optimizer = OptimizerKind.Emso } },
            "reset" => spec with { Protocol = spec.Protocol with { MomentumReset = MomentumReset.Epoch } },
            "no-bn" => spec with { Normalization = NormalizationKind.None },
            _ => spec,
        };
    }

    private RunResult? Train(
        RunSpec spec, RecordingSink sink, RepeatingGraph? graph, TimeSpan? interval = null, ResumePoint? resume = null, CancellationToken stop = default) =>
        Trainer.Run(
            spec,
            new TrainingOptions
            {
                CheckpointDirectory = _directory.Path, Threads = 1, Resume = resume, CheckpointInterval = interval ?? TimeSpan.FromHours(1),
                Graphs = _ => graph is null ? null : () => graph,
            },
            sink, device => SomeImages.For(spec, device), stop);

    /// <summary>As a graph of a device, it does nothing while it records; unlike one, it replays by calling the work.</summary>
    private sealed class RepeatingGraph : IGraph
    {
        private Action? _work;

        public int Times { get; init; } = 1;

        public Exception? Failure { get; init; }

        public int Recordings { get; private set; }

        public int Replays { get; private set; }

        public bool IsDisposed { get; private set; }

        public void Record(Action work)
        {
            if (Failure is not null) throw Failure;
            Recordings++;
            _work = work;
        }

        public void Replay()
        {
            Replays++;
            for (var i = 0; i < Times; i++) _work.ShouldNotBeNull()();
        }

        public void Dispose() => IsDisposed = true;
    }
}
