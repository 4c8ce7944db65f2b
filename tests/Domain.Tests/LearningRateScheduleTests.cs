namespace Tracker.Domain.Tests;

public sealed class LearningRateScheduleTests
{
    [Fact]
    public void F1_at_its_small_batch_drops_at_epochs_10_20_and_30()
    {
        var plan = RunPlan.For(Specs.Run("sb"));

        plan.StepsPerEpoch.ShouldBe(469);
        plan.TotalSteps.ShouldBe(50 * 469);
        plan.Schedule.Phases.ShouldBe([new(0, 0.1), new(4690, 0.01), new(9380, 0.001), new(14070, 0.0001)]);
    }

    [Fact]
    public void A_large_batch_alone_keeps_the_rate_and_the_epochs()
    {
        var plan = RunPlan.For(Specs.Run("lb"));

        plan.StepsPerEpoch.ShouldBe(15);
        plan.TotalSteps.ShouldBe(750);
        plan.Schedule.Phases.ShouldBe([new(0, 0.1), new(150, 0.01), new(300, 0.001), new(450, 0.0001)]);
    }

    [Fact]
    public void Rate_scaling_multiplies_every_phase_by_the_root_of_32_at_batch_4096()
    {
        var plan = RunPlan.For(Specs.Run("lb+lr"));

        plan.InitialLearningRate.ShouldBe(0.565685424949238, 1e-12);
        plan.Schedule.RateAt(149).ShouldBe(0.565685424949238, 1e-12);
        plan.Schedule.RateAt(150).ShouldBe(0.0565685424949238, 1e-12);
    }

    [Fact]
    public void Linear_scaling_multiplies_the_rate_by_32_at_batch_4096()
    {
        var spec = Specs.Run("lb+lr");

        RunPlan.For(spec with { Parameters = spec.Parameters with { Scaling = LearningRateScaling.Linear } }).InitialLearningRate.ShouldBe(3.2, 1e-12);
    }

    [Fact]
    public void Regime_adaptation_makes_32_epochs_of_one_at_batch_4096()
    {
        var plan = RunPlan.For(Specs.Run("lb+lr+gbn+ra"));

        plan.Epochs.ShouldBe(1600);
        plan.TotalSteps.ShouldBe(24_000);
        plan.Schedule.Phases.Select(p => p.StartStep).ShouldBe([0, 4800, 9600, 14_400]);
        plan.GhostBatchesPerBatch.ShouldBe(32);
    }

    [Fact]
    public void Fewer_epochs_compress_the_phases()
    {
        var plan = RunPlan.For(Specs.Run("sb") with { Epochs = 5, TrainExamples = 12_800 });

        plan.Schedule.Phases.Select(p => p.StartStep).ShouldBe([0, 100, 200, 300]);
        plan.TotalSteps.ShouldBe(500);
    }

    [Fact]
    public void Another_initial_rate_keeps_the_ratios_of_the_phases()
    {
        var spec = Specs.Run("sb", network: "c1", dataset: "fashion-mnist-32");

        RunPlan.For(spec with { Parameters = spec.Parameters with { LearningRate = 0.002 } }).Schedule.Phases
            .Select(p => Math.Round(p.LearningRate, 10)).ShouldBe([0.002, 0.02, 0.002, 0.0002]);
    }

    [Theory]
    [InlineData(256, 128, 2)]
    [InlineData(300, 128, 3)]
    [InlineData(257, 128, 2)]
    [InlineData(100, 100, 1)]
    public void A_last_partial_batch_counts_unless_it_is_a_single_sample(int examples, int batch, int steps) =>
        RunPlan.For(Specs.Run("sb") with { TrainExamples = examples, Batch = batch, SmallBatch = batch }).StepsPerEpoch.ShouldBe(steps);

    [Fact]
    public void The_noise_variance_defaults_to_what_matches_the_small_batch()
    {
        RunPlan.For(Specs.Run("lb+noise")).NoiseVariance.ShouldBe(31);
        RunPlan.For(Specs.Run("lb")).NoiseVariance.ShouldBe(0);
    }

    [Fact]
    public void The_rate_of_a_negative_step_is_refused() =>
        Should.Throw<ArgumentOutOfRangeException>(() => RunPlan.For(Specs.Run("sb")).Schedule.RateAt(-1));

    [Fact]
    public void A_schedule_without_a_phase_at_step_0_is_refused() =>
        Should.Throw<ArgumentException>(() => new LearningRateSchedule([new(1, 0.1)]));
}
