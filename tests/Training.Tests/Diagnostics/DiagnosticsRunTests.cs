using Tracker.Domain;

namespace Tracker.Training.Tests;

/// <summary>Whole runs with diagnostics.</summary>
public sealed class DiagnosticsRunTests : IDisposable
{
    private static readonly DiagnosticsSpec s_along = new() { NoiseScale = true, LayerDistances = true, DiffusionFit = true };
    private static readonly DiagnosticsSpec s_all = s_along with { Sharpness = true, HessianEigenvalue = true, RandomPotential = true, GhostStatistics = true };
    private static readonly Lazy<(RunResult Result, RecordingSink Sink)> s_run = new(() => Once(Small with { Diagnostics = s_all }));

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    /// <summary>Ghost batches of 16 and 14: both kinds of a ghost, and a batch that is smaller than the others.</summary>
    private static RunSpec Small => Specs.Run("lb+lr+gbn", batch: 64, examples: 142, ghost: 16, rate: 0.02, epochs: 12);

    /// <summary>Half of a batch instead of a ghost; dropout.</summary>
    [Theory]
    [InlineData("f1", "sb+noise", false)]
    [InlineData("c1", "lb+gbn", true)]
    public void Diagnostics_change_no_bit_of_the_trained_network(string network, string method, bool sharpness)
    {
        var spec = Specs.Run(method, batch: 16, examples: 24, epochs: 1, network: network, ghost: 8, smallBatch: 8);
        var (plain, sink) = Once(spec);
        var (measured, other) = Once(spec with { Diagnostics = s_along with { Sharpness = sharpness } });
        measured.WeightsSha256.ShouldBe(plain.WeightsSha256);
        RecordingSink.Describe(other.Points.Where(IsPlain)).ShouldBe(RecordingSink.Describe(sink.Points));
        other.Points.Count.ShouldBeGreaterThan(sink.Points.Count);
    }

    [Fact]
    public void All_diagnostics_together_change_no_bit_either()
    {
        var (plain, sink) = Once(Small);
        s_run.Value.Result.WeightsSha256.ShouldBe(plain.WeightsSha256);
        RecordingSink.Describe(s_run.Value.Sink.Points.Where(IsPlain)).ShouldBe(RecordingSink.Describe(sink.Points));
        plain.Diagnostics.ShouldBeEmpty();
        sink.Events.ShouldBeEmpty();
    }

    [Fact]
    public void Each_tells_what_it_found_and_what_it_cost()
    {
        var (result, sink) = s_run.Value;
        result.Diagnostics.Select(d => d.Name).ShouldBe(
        [
            DiagnosticNames.RandomPotential, DiagnosticNames.NoiseScale, DiagnosticNames.LayerDistances, DiagnosticNames.DiffusionFit,
            DiagnosticNames.GhostStatistics, DiagnosticNames.Sharpness, DiagnosticNames.HessianEigenvalue,
        ]);
        result.Diagnostics.ShouldAllBe(d => d.Seconds > 0 && d.Values.Values.All(double.IsFinite));
        Values(result, DiagnosticNames.Sharpness)["sharpness1e-3"].ShouldBeGreaterThan(Values(result, DiagnosticNames.Sharpness)["sharpness5e-4"]);
        Values(result, DiagnosticNames.Sharpness)["sharpness5e-4"].ShouldBeGreaterThan(0);
        Values(result, DiagnosticNames.HessianEigenvalue)["eigenvalue"].ShouldBeGreaterThan(0);
        Values(result, DiagnosticNames.RandomPotential)["alpha"].ShouldBeInRange(0.5, 4);
        Values(result, DiagnosticNames.RandomPotential).Keys.Count(k => k.StartsWith("deviationAt", StringComparison.Ordinal)).ShouldBe(RandomPotential.Bins);
        foreach (var name in new[] { DiagnosticNames.RandomPotential, DiagnosticNames.Sharpness, DiagnosticNames.HessianEigenvalue })
            sink.Events.ShouldContain(e => e.Level == EventLevel.Info && e.Message.StartsWith($"Measured {name} in ", StringComparison.Ordinal));
        sink.Events.ShouldAllBe(e => e.Level == EventLevel.Info);
    }

    [Fact]
    public void The_fit_is_that_of_the_reported_distances_of_the_first_phase()
    {
        var (result, sink) = s_run.Value;
        var end = RunPlan.For(Small).Schedule.Phases[1].StartStep;
        var fit = DiffusionFit.Through(
            sink.Points.Where(p => p.Name == MetricNames.WeightDistance).Select(p => ((double)p.Step, p.Value)), end).ShouldNotBeNull();
        var values = Values(result, DiagnosticNames.DiffusionFit);
        values["slope"].ShouldBe(fit.Logarithm.Slope);
        values["rSquared"].ShouldBe(fit.Logarithm.RSquared);
        values["rSquaredOfRoot"].ShouldBe(fit.SquareRoot.RSquared);
        values["alpha"].ShouldBe(fit.Alpha.ShouldNotBeNull());
        (values["from"], values["to"]).ShouldBe((1, end));
    }

    [Fact]
    public void Distances_of_the_parameters_make_the_distance_of_the_whole()
    {
        var points = s_run.Value.Sink.Points;
        foreach (var whole in points.Where(p => p.Name == MetricNames.WeightDistance))
        {
            var parts = points.Where(p => p.Step == whole.Step && p.Name.StartsWith(MetricNames.LayerDistancePrefix, StringComparison.Ordinal)).ToList();
            parts.Count.ShouldBe(22);
            Math.Sqrt(parts.Sum(p => p.Value * p.Value)).ShouldBe(whole.Value, 1e-4 * whole.Value);
        }
        points.ShouldContain(p => p.Name == "weight_distance/layers.0.weight");
    }

    [Fact]
    public void The_noise_scale_is_reported_as_a_metric_and_as_a_result()
    {
        var (result, sink) = s_run.Value;
        var values = Values(result, DiagnosticNames.NoiseScale);
        // The last batch of each epoch has 14 samples, fewer than a ghost.
        values["measurements"].ShouldBe(result.Steps / 3 * 2);
        values["noiseScale"].ShouldBe(values["variance"] / values["squaredGradient"], 1e-9);
        sink.Points.Last(p => p.Name == MetricNames.NoiseScale).Value.ShouldBe(values["noiseScale"]);
    }

    [Fact]
    public void An_interrupted_run_finds_the_same()
    {
        var spec = Small with { Diagnostics = s_along };
        var (whole, sink) = Once(spec);
        ResumePoint? resume = null;
        var points = new List<MetricPoint>();
        foreach (var at in new[] { 2, 5 })
        {
            using var stop = new CancellationTokenSource();
            var part = new RecordingSink { OnCheckpoint = c => { if (c.Step >= at) stop.Cancel(); } };
            Train(spec, part, resume, TimeSpan.Zero, stop.Token).ShouldBeNull();
            points.AddRange(part.Points);
            resume = new(part.Checkpoints[^1].Path, part.Checkpoints[^1].Sha256);
        }
        var last = new RecordingSink();
        var result = Train(spec, last, resume).ShouldNotBeNull();

        result.WeightsSha256.ShouldBe(whole.WeightsSha256);
        RecordingSink.Describe(points.Concat(last.Points)).ShouldBe(RecordingSink.Describe(sink.Points));
        result.Diagnostics.Select(d => d.Name).ShouldBe(whole.Diagnostics.Select(d => d.Name));
        foreach (var (found, expected) in result.Diagnostics.Zip(whole.Diagnostics)) found.Values.ShouldBe(expected.Values);
    }

    [Fact]
    public void A_stop_during_a_last_diagnostic_keeps_the_training_and_the_next_attempt_measures_anew()
    {
        var spec = Small with { Diagnostics = new() { Sharpness = true, HessianEigenvalue = true } };
        using var stop = new CancellationTokenSource();
        var first = new RecordingSink { OnEvent = message => { if (message == "Measuring hessianEigenvalue …") stop.Cancel(); } };
        Train(spec, first, stop: stop.Token).ShouldBeNull();
        first.Events.ShouldNotContain(e => e.Message.StartsWith("Measured hessianEigenvalue", StringComparison.Ordinal));
        var checkpoint = first.Checkpoints[^1];
        checkpoint.Step.ShouldBe(RunPlan.For(spec).TotalSteps);

        var second = new RecordingSink();
        var result = Train(spec, second, new ResumePoint(checkpoint.Path, checkpoint.Sha256)).ShouldNotBeNull();
        second.Points.ShouldBeEmpty();
        result.WeightsSha256.ShouldBe(s_run.Value.Result.WeightsSha256);
        foreach (var name in new[] { DiagnosticNames.Sharpness, DiagnosticNames.HessianEigenvalue })
            Values(result, name).ShouldBe(Values(s_run.Value.Result, name));
    }

    [Theory]
    [InlineData(GhostStatistics.Sequential, "sequentialLoss", "equalLoss")]
    [InlineData(GhostStatistics.Equal, "equalLoss", "sequentialLoss")]
    public void The_rule_of_the_run_finds_its_own_statistics_again_and_the_other_rule_finds_others(GhostStatistics rule, string own, string other)
    {
        // Weights that hardly move, so that the last batches seen once more are what the training saw.
        var spec = Small with { Diagnostics = new() { GhostStatistics = true }, Protocol = new() { GhostStatistics = rule } };
        spec = spec with { Parameters = spec.Parameters with { LearningRate = 1e-9, WeightDecay = 0 } };
        var values = Values(Once(spec).Item1, DiagnosticNames.GhostStatistics);
        var trained = Once(spec with { Diagnostics = new() }).Item1;
        values[own].ShouldBe(trained.FinalValidationLoss, 5e-5);
        Math.Abs(values[other] - values[own]).ShouldBeGreaterThan(2e-4);
        values["difference"].ShouldBe(values["sequential"] - values["equal"], 1e-12);
        // 142 samples are batches of 4, 4 and 1 ghosts; 0.9^87.4 is 1e-4, and the last 29 batches have 86 ghosts.
        values["batches"].ShouldBe(30);
    }

    [Fact]
    public void Without_ghosts_there_is_nothing_to_compare()
    {
        var (result, sink) = Once(Specs.Run("sb", batch: 32, examples: 64, epochs: 1) with { Diagnostics = new() { GhostStatistics = true } });
        result.Diagnostics.ShouldBeEmpty();
        sink.Events.ShouldHaveSingleItem().Message.ShouldContain("no ghost statistics");
    }

    [Fact]
    public void A_stop_during_the_random_potential_trains_nothing()
    {
        var spec = Small with { Diagnostics = new() { RandomPotential = true } };
        using var stop = new CancellationTokenSource();
        var sink = new RecordingSink { OnEvent = _ => stop.Cancel() };
        Train(spec, sink, stop: stop.Token).ShouldBeNull();
        sink.Points.ShouldBeEmpty();
        sink.Checkpoints[^1].Step.ShouldBe(0);
    }

    [Fact]
    public void The_time_of_diagnostics_is_not_time_of_training()
    {
        var (result, sink) = s_run.Value;
        var cost = result.Diagnostics.Sum(d => d.Seconds);
        cost.ShouldBeGreaterThan(result.TrainSeconds + result.EvalSeconds);
        (sink.Points[^1].WallMs / 1000.0).ShouldBe(result.TrainSeconds + result.EvalSeconds, 0.1);
    }

    private static IReadOnlyDictionary<string, double> Values(RunResult result, string name) => result.Diagnostics.Single(d => d.Name == name).Values;

    private static bool IsPlain(MetricPoint point) =>
        point.Name != MetricNames.NoiseScale && !point.Name.StartsWith(MetricNames.LayerDistancePrefix, StringComparison.Ordinal);

    private static (RunResult, RecordingSink) Once(RunSpec spec)
    {
        using var directory = new TemporaryDirectory();
        var sink = new RecordingSink();
        return (Train(spec, sink, directory.Path).ShouldNotBeNull(), sink);
    }

    private RunResult? Train(RunSpec spec, RecordingSink sink, ResumePoint? resume = null, TimeSpan? interval = null, CancellationToken stop = default) =>
        Train(spec, sink, _directory.Path, resume, interval, stop);

    private static RunResult? Train(
        RunSpec spec, RecordingSink sink, string directory, ResumePoint? resume = null, TimeSpan? interval = null, CancellationToken stop = default) =>
        Trainer.Run(
            spec,
            new TrainingOptions
            {
                CheckpointDirectory = directory, Threads = 1, Resume = resume, CheckpointInterval = interval ?? TimeSpan.FromHours(1), RandomPotentialDraws = 20,
            },
            sink, device => SomeImages.For(spec, device), stop);
}
