using Tracker.Domain;

namespace Tracker.Training.Tests;

public sealed class ReportScheduleTests
{
    [Theory]
    [InlineData("sb", 128)]
    [InlineData("lb+lr", 2048)]
    [InlineData("lb+lr+gbn+ra", 2048)]
    [InlineData("lb+ra", 1000)]
    public void Every_method_is_evaluated_once_per_epoch_of_the_regime(string method, int batch)
    {
        var spec = Specs.Run(method, batch, examples: 10_000, epochs: 6);
        var plan = RunPlan.For(spec);
        var schedule = new ReportSchedule(spec, plan);
        var evaluated = Steps(plan).Where(schedule.Evaluates).ToList();
        evaluated.Count.ShouldBe(6);
        evaluated[^1].ShouldBe(plan.TotalSteps);
        evaluated.ShouldAllBe(s => s % plan.StepsPerEpoch == 0);
        evaluated.ShouldAllBe(s => schedule.Reports(s));
        Steps(plan).ShouldAllBe(s => schedule.EvaluationsAfter(s) == evaluated.Count(e => e > s));
    }

    [Theory]
    [InlineData(5, 6)]
    [InlineData(100, 5)]
    [InlineData(3000, 5)]
    public void Early_steps_are_all_reported_and_long_runs_stay_readable(int epochs, int smallestShare)
    {
        var spec = Specs.Run("sb", 128, examples: 60_000, epochs: epochs);
        var plan = RunPlan.For(spec);
        var schedule = new ReportSchedule(spec, plan);
        Enumerable.Range(1, 64).ShouldAllBe(s => schedule.Reports(s));
        var evaluations = Steps(plan).Count(schedule.Evaluates);
        Steps(plan).Count(schedule.Reports).ShouldBeInRange(64 * smallestShare, 1000 + evaluations);
    }

    private static IEnumerable<long> Steps(RunPlan plan) => Enumerable.Range(1, (int)plan.TotalSteps).Select(s => (long)s);
}
