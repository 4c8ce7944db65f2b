namespace Tracker.Domain.Tests;

public sealed class SweepPresetTests
{
    [Fact]
    public void Every_preset_has_a_name_of_its_own_and_expands_into_all_five_columns()
    {
        SweepPreset.All.Select(p => p.Name).ShouldBeUnique();
        foreach (var preset in SweepPreset.All)
        {
            SweepExpander.Expand(preset.Sweep).Refused.ShouldBeEmpty();
            SweepExpander.Expand(preset.Sweep).Runs.Select(r => r.Method.TableColumn).Distinct().ShouldBe([0, 1, 2, 3, 4]);
        }
    }

    [Fact]
    public void The_quick_start_trains_ten_runs_and_adapts_the_regime_to_as_many_updates_as_the_small_batch()
    {
        var runs = SweepExpander.Expand(SweepPreset.QuickStart.Sweep).Runs;

        runs.Count.ShouldBe(10);
        RunPlan.For(runs[0]).TotalSteps.ShouldBe(474);
        RunPlan.For(runs[4]).TotalSteps.ShouldBe(480);
    }
}
