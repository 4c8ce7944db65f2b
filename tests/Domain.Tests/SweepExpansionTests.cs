namespace Tracker.Domain.Tests;

public sealed class SweepExpansionTests
{
    [Fact]
    public void Five_methods_two_large_batches_and_three_seeds_make_27_runs()
    {
        var runs = SweepExpander.Expand(Specs.Sweep(""","seeds":[0,1,2]""")).Runs;

        runs.Count.ShouldBe(3 * (1 + (4 * 2)));
        runs.Count(r => r.Method == Method.SmallBatchOnly).ShouldBe(3);
    }

    [Fact]
    public void Seeds_vary_slowest() =>
        SweepExpander.Expand(Specs.Sweep(""","seeds":[7,3]""")).Runs.Select(r => r.Seed).ShouldBe([.. Enumerable.Repeat(7, 9), .. Enumerable.Repeat(3, 9)]);

    [Fact]
    public void Only_methods_with_ghosts_have_a_ghost_batch() =>
        SweepExpander.Expand(Specs.Sweep()).Runs.ShouldAllBe(r => r.GhostBatch.HasValue == r.Method.GhostBatchNorm);

    [Fact]
    public void Expansion_is_deterministic() =>
        Properties.Check(Specs.Sweeps, sweep => SweepExpander.Expand(sweep).Runs.ShouldBe(SweepExpander.Expand(sweep).Runs));

    [Fact]
    public void Runs_and_refusals_add_up_to_all_combinations() =>
        Properties.Check(Specs.Sweeps, sweep =>
        {
            var expansion = SweepExpander.Expand(sweep);
            var combinations = sweep.Methods.Sum(m => (m.LargeBatch ? sweep.LargeBatch.Count : 1) * (m.GhostBatchNorm ? sweep.GhostBatch.Count : 1));

            (expansion.Runs.Count + expansion.Refused.Sum(r => r.Count)).ShouldBe(combinations * sweep.Seeds.Count * sweep.LearningRates.Count);
        });

    [Fact]
    public void No_run_has_a_ghost_larger_than_its_batch_or_a_batch_larger_than_its_data() =>
        Properties.Check(Specs.Sweeps, sweep =>
            SweepExpander.Expand(sweep).Runs.ShouldAllBe(r => (r.GhostBatch ?? 0) <= r.Batch && r.Batch <= r.TrainExamples));

    [Fact]
    public void No_two_runs_of_a_sweep_share_a_fingerprint() =>
        Properties.Check(Specs.Sweeps, sweep => SweepExpander.Expand(sweep).Runs.Select(r => r.Fingerprint()).ShouldBeUnique());

    [Fact]
    public void The_fingerprint_does_not_depend_on_the_device() =>
        (Specs.Run("sb") with { Device = DeviceClass.Cuda }).Fingerprint().ShouldBe(Specs.Run("sb").Fingerprint());

    [Fact]
    public void The_fingerprint_of_a_known_run_does_not_change_between_versions() =>
        Specs.Run("lb+lr+gbn").Fingerprint().ShouldBe("c0ad7126001a744bb6d5660761f1fa0740af392e0553ac5b76920ab592fbecaa");

    [Fact]
    public void Regime_adaptation_never_does_fewer_updates_than_the_small_batch() =>
        Properties.Check(Specs.Sweeps, sweep =>
        {
            foreach (var run in SweepExpander.Expand(sweep).Runs.Where(r => r.Method.RegimeAdaptation && r.Batch >= r.SmallBatch))
            {
                var small = RunPlan.For(run with { Method = Method.SmallBatchOnly, Batch = run.SmallBatch, GhostBatch = null });
                // Each epoch may lose the single-sample batch that is left out.
                RunPlan.For(run).TotalSteps.ShouldBeGreaterThanOrEqualTo(small.TotalSteps - RunPlan.For(run).Epochs - small.Epochs);
            }
        });

    [Fact]
    public void Rates_never_change_inside_a_phase_and_phases_never_start_after_the_end() =>
        Properties.Check(Specs.Sweeps, sweep =>
        {
            foreach (var plan in SweepExpander.Expand(sweep).Runs.Take(20).Select(RunPlan.For))
            {
                plan.Schedule.Phases.ShouldAllBe(p => p.StartStep <= plan.TotalSteps);
                foreach (var phase in plan.Schedule.Phases) plan.Schedule.RateAt(phase.StartStep).ShouldBe(plan.Schedule.Phases.Last(p => p.StartStep == phase.StartStep).LearningRate);
            }
        });
}
