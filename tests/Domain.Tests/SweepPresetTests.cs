using System.Globalization;

namespace Tracker.Domain.Tests;

public sealed class SweepPresetTests
{
    private static readonly Dictionary<string, string[]> s_tables =
        PaperPresetTables.Tables.Concat(ReviewerPresetTables.Tables).ToDictionary(t => t.Key, t => t.Value, StringComparer.Ordinal);

    public static TheoryData<string> Names => [.. SweepPreset.All.Select(p => p.Name)];

    [Fact]
    public void Every_preset_has_a_name_of_its_own_and_a_table_of_its_schedules()
    {
        SweepPreset.All.Select(p => p.Name).ShouldBeUnique();
        SweepPreset.All.Select(p => (p.Group, p.Title)).ShouldBeUnique();
        s_tables.Keys.ShouldBe(SweepPreset.All.Select(p => p.Name), ignoreOrder: true);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Rates_and_phases_of_a_preset_are_those_worked_out_by_hand(string name)
    {
        var expansion = SweepExpander.Expand(SweepPreset.Find(name).ShouldNotBeNull().Sweep);
        expansion.Refused.ShouldBeEmpty();
        expansion.Runs.Where(r => r.Seed == 0).Select(Schedule).ShouldBe(s_tables[name]);
    }

    [Fact]
    public void Rows_of_the_tables_train_all_five_columns()
    {
        foreach (var preset in SweepPreset.TableRows.Prepend(SweepPreset.QuickStart))
            SweepExpander.Expand(preset.Sweep).Runs.Select(r => r.Method.TableColumn).Distinct().ShouldBe([0, 1, 2, 3, 4]);
    }

    [Fact]
    public void Each_of_the_reviewers_questions_has_a_preset()
    {
        SweepSpec Of(string name) => SweepPreset.Find($"reviewers-{name}").ShouldNotBeNull().Sweep;
        Of("factorial-f1").Methods.Select(m => (m.LearningRate, m.GhostBatchNorm, m.RegimeAdaptation)).Distinct().Count().ShouldBe(8);
        Of("noise-resnet44-cifar10").Methods.ShouldContain(m => m.Noise && !m.LearningRate);
        Of("no-adaptation-resnet44").Methods.ShouldContain(m => m.LearningRate && m.GhostBatchNorm && !m.RegimeAdaptation);
        Of("time-f1").Options.Diagnostics.Targets.ShouldBe([0.85, 0.87, 0.89]);
        Of("no-bn-f1").Options.Normalization.ShouldBe(NormalizationKind.None);
        Of("no-bn-linear-f1").Scaling.ShouldBe(LearningRateScaling.Linear);
        (Of("convergence-sgd").Optimizer.Kind, Of("convergence-emso").Optimizer.Kind).ShouldBe((OptimizerKind.Sgd, OptimizerKind.Emso));
        Of("growth-resnet44").Options.InitialScale.ShouldBe(0.1);
        Of("imagenet-alexnet").Methods.ShouldContain(m => m.RegimeAdaptation && !m.GhostBatchNorm);
    }

    [Fact]
    public void A_warm_up_rises_in_a_straight_line_from_the_small_batchs_rate()
    {
        var runs = SweepExpander.Expand(SweepPreset.Find("reviewers-no-bn-linear-f1")!.Sweep).Runs;
        var schedule = RunPlan.For(runs.First(r => r.Method.LargeBatch)).Schedule;
        // From 0.01 to 0.32 in 75 updates: 0.31 / 75 more with each.
        foreach (var (step, rate) in new[] { (0L, 0.01), (1, 0.01 + 0.31 / 75), (30, 0.134), (74, 0.32 - 0.31 / 75), (75, 0.32), (149, 0.32), (150, 0.032) })
            schedule.RateAt(step).ShouldBe(rate, 1e-12, $"step {step}");
        RunPlan.For(runs.First(r => !r.Method.LargeBatch)).Schedule.RateAt(0).ShouldBe(0.01);
    }

    private static string Schedule(RunSpec run)
    {
        var plan = RunPlan.For(run);
        var phases = string.Join(", ", plan.Schedule.Phases.Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.StartStep}: {p.LearningRate:g7}")));
        return $"{run.Method} {run.Batch}, {phases}, end {plan.TotalSteps}";
    }
}
