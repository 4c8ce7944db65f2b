using Tracker.Domain;
using static TorchSharp.torch;

namespace Tracker.Training.Tests;

public sealed class SelectionTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    /// <summary>Validation and test accuracy of four evaluations; the best on validation is neither the best on the test set nor the last.</summary>
    private static readonly (double Validation, double Test)[] s_evaluations = [(0.5, 0.58), (0.7, 0.6), (0.7, 0.65), (0.6, 0.55)];

    [Theory]
    [InlineData("final", 0.55, 40)]
    [InlineData("best", 0.6, 20)]
    [InlineData("mean-last-2", 0.6, 40)]
    [InlineData("mean-last-3", 0.6, 40)]
    [InlineData("mean-last-9", 0.595, 40)]
    public void The_epoch_is_chosen_by_validation_and_the_number_is_the_test_sets(string rule, double accuracy, long step)
    {
        var spec = Specs.Run() with { Selection = SelectionRule.Parse(rule).ShouldNotBeNull() };
        var selected = After(spec).Select(spec.Selection);
        selected.Accuracy.ShouldBe(accuracy, 1e-12);
        (selected.Rule, selected.Set, selected.Step).ShouldBe((rule, "test", step));
    }

    [Fact]
    public void A_target_is_reached_once_at_its_first_evaluation()
    {
        var spec = Specs.Run() with { Diagnostics = new() { Targets = [0.4, 0.5, 0.7, 0.8] } };
        After(spec).TargetsReached(spec.Diagnostics.Targets).ShouldBe([new(0.4, 10, 1), new(0.5, 10, 1), new(0.7, 20, 2), new(0.8, null, null)]);
    }

    [Fact]
    public void Held_out_images_are_the_last_ones_and_never_trained_on()
    {
        using var scope = NewDisposeScope();
        var spec = Specs.Run(batch: 32, examples: 200) with { ValidationExamples = 40 };
        using var data = SomeImages.For(spec, CPU);
        using var all = SomeImages.For(spec with { ValidationExamples = 0 }, CPU);
        data.TrainingCount.ShouldBe(160);
        (data.CountOf(EvaluationSet.Validation), data.CountOf(EvaluationSet.Test)).ShouldBe((40, 500));

        var whole = BatchSlice.Whole(GhostLayout.For(40, 0));
        var last = all.TrainingBatch(arange(160, 200, ScalarType.Int64), new(Seed: 0, Step: 0, whole));
        var held = data.EvaluationBatch(EvaluationSet.Validation, 0, 40);
        held.Input.Equals(last.Input).ShouldBeTrue();
        held.Labels.Equals(last.Labels).ShouldBeTrue();
        data.EvaluationBatch(EvaluationSet.Test, 3, 5).Input.Equals(all.EvaluationBatch(EvaluationSet.Validation, 3, 5).Input).ShouldBeTrue();

        using var session = new TrainingSession(spec, new() { CheckpointDirectory = _directory.Path }, CPU, () => SomeImages.For(spec, CPU));
        session.Plan.StepsPerEpoch.ShouldBe(5);
        Enumerable.Range(0, 5).SelectMany(i => session.Order.Indexes(0, i).data<long>().ToArray()).Max().ShouldBe(159);
    }

    [Fact]
    public void A_run_with_held_out_images_reports_both_sets_and_the_test_sets_number()
    {
        var sink = new RecordingSink();
        var spec = Specs.Run("sb", batch: 100, examples: 600, epochs: 3, rate: 0.02) with
        {
            ValidationExamples = 100, Selection = SelectionRule.Best, Diagnostics = new() { Targets = [0.1, 1] },
        };
        var result = Trainer.Run(
            spec, new TrainingOptions { CheckpointDirectory = _directory.Path, Threads = 1 }, sink, device => SomeImages.For(spec, device), default).ShouldNotBeNull();

        result.Steps.ShouldBe(15);
        result.SamplesPerSecond.ShouldBe(1500 / result.TrainSeconds, 1);
        var (validation, test) = (Values(sink, MetricNames.ValidationAccuracy), Values(sink, MetricNames.TestAccuracy));
        test.Keys.ShouldBe([5, 10, 15]);
        Values(sink, MetricNames.TestLoss).Keys.ShouldBe(Values(sink, MetricNames.TestTop5).Keys);
        var best = validation.First(v => v.Value == validation.Values.Max()).Key;
        result.BestValidationAccuracy.ShouldBe(validation[best]);
        result.Selected.ShouldBe(new("best", SelectedResult.TestSet, test[best], best));
        result.Targets.Select(t => t.Step).ShouldBe([5, null]);
        result.Targets[0].Seconds.ShouldNotBeNull().ShouldBeInRange(1e-6, result.TrainSeconds);
    }

    private static SelectionProgress After(RunSpec spec)
    {
        var progress = new SelectionProgress();
        foreach (var (index, (validation, test)) in s_evaluations.Index()) progress.Add(spec, 10 * (index + 1), index + 1, validation, test);
        return progress;
    }

    private static Dictionary<long, double> Values(RecordingSink sink, string metric) =>
        sink.Points.Where(p => p.Name == metric).ToDictionary(p => p.Step, p => p.Value);
}
