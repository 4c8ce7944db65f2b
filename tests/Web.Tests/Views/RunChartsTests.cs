using Tracker.Domain;
using Tracker.Storage;
using Tracker.Web.Components.Charts;
using Tracker.Web.Views;

namespace Tracker.Web.Tests.Views;

public sealed class RunChartsTests
{
    [Fact]
    public async Task What_a_run_takes_of_its_machine_is_charted_in_cores_gigabytes_and_percent()
    {
        var system = await SectionAsync(
            CurveSections.System, (MetricNames.SystemCpu, [0.5, 1.9]), (MetricNames.SystemMemory, [300e6, 1.25e9]), (MetricNames.SystemGpu, [40, 87]), (MetricNames.SystemGpuMemory, [7e9, 7.5e9]));

        system.Select(chart => $"{chart.Title}, {chart.Unit}").ShouldBe(["CPU, cores in use", "Memory, GB", "GPU, % busy", "GPU memory, GB"]);
        system.Select(chart => chart.Data.Series.ShouldHaveSingleItem().Ys).ShouldBe([[0.5, 1.9], [0.3, 1.25], [40, 87], [7, 7.5]]);
        system.ShouldAllBe(chart => chart.Data.Y.Min == 0 && chart.Data.Y.Unit == AxisUnit.Plain);
        system[2].Data.Y.Max.ShouldBe(100);
    }

    [Fact]
    public void Metrics_that_the_first_charts_do_not_show_are_put_into_sections()
    {
        var sections = CurveSections.Of(
            [MetricNames.TrainLoss, MetricNames.WeightDistance, MetricNames.ValidationTop5, MetricNames.NoiseScale, "weight_distance/conv10", "weight_distance/conv2", "my/own"]);
        sections.Select(section => $"{section.Key}: {string.Join(' ', section.Metrics)}").ShouldBe(
            ["evaluation: validation/top5", "optimisation: noise_scale", "layers: weight_distance/conv2 weight_distance/conv10", "other: my/own"]);
        CurveSections.Of([MetricNames.TrainLoss]).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_layers_of_a_run_are_the_curves_of_one_chart()
    {
        var chart = (await SectionAsync(CurveSections.Layers, ("weight_distance/a", [1, 2]), ("weight_distance/b", [2, 3]))).ShouldHaveSingleItem();
        chart.Data.Series.Select(series => series.Name).ShouldBe(["a", "b"]);
        chart.Data.Series.Select(series => series.Color).Distinct().Count().ShouldBe(2);
    }

    [Theory]
    [InlineData(null, "layers", "evaluation,layers,optimisation,system")]
    [InlineData("evaluation,layers,optimisation,system", "layers", null)]
    [InlineData("layers", "layers", "none")]
    [InlineData("none", "system", "none,system")]
    public void What_is_open_stands_in_the_address_unless_it_is_the_usual(string? before, string section, string? after) =>
        CurveSections.Toggle(before, section).ShouldBe(after);

    [Fact]
    public void Neighbours_in_the_sweep_and_the_run_to_compare_with_follow_from_the_sweep()
    {
        var runs = SampleRuns.Of("""{ "network": "f1", "dataset": "fashion-mnist", "largeBatch": [1024, 4096], "methods": ["sb", "lb", "lb+lr"], "seeds": [0, 1] }""");
        var briefs = runs.Select(run => new RunBrief(run.Id, run.Spec.Method, run.Spec.Batch, run.Spec.GhostBatch, run.Spec.Seed, run.State)).ToArray();
        var run = runs.Single(one => one.Spec is { Seed: 1, Batch: 4096 } && one.Spec.Method.LearningRate);
        var compared = runs.Single(one => one.Id == RunModel.Nearest(run, briefs));
        (compared.Spec.Method.ToString(), compared.Spec.Batch, compared.Spec.Seed).ShouldBe(("lb", 4096, 1));

        var first = Model(runs[0], KeptSeries.None) with { Siblings = briefs };
        (first.Previous, first.Next?.Id).ShouldBe((null, runs[1].Id));
        var last = Model(runs[^1], KeptSeries.None) with { Siblings = briefs };
        (last.Previous?.Id, last.Next).ShouldBe((runs[^2].Id, null));
    }

    private static async Task<IReadOnlyList<SectionChart>> SectionAsync(string section, params (string Name, double[] Values)[] measured)
    {
        var run = SampleRuns.Of("""{ "network": "f1", "dataset": "fashion-mnist", "smallBatch": 128 }""")[0];
        var read = await KeptSeries.None.NextAsync(new Given(measured), new([], [], 100, MetricAxis.Epoch), [run], CancellationToken.None);
        return new RunCharts(Model(run, read)).Of(CurveSections.Of(measured.Select(metric => metric.Name)).Single(one => one.Key == section));
    }

    private static RunModel Model(RunView run, KeptSeries curves) =>
        new(run, RunPlan.For(run.Spec), [], [], new(run.Id, EventLevel.Info, "", [], false), curves, KeptSeries.None, [], [], null, null);

    private sealed class Given((string Name, double[] Values)[] measured) : IMetrics
    {
        public Task<IReadOnlyList<MetricSeries>> SeriesAsync(SeriesQuery query, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<MetricSeries>>(
            [.. measured.Select(metric => new MetricSeries(query.RunIds[0], metric.Name, metric.Values.Length,
                [.. metric.Values.Select((value, i) => new MetricBucket(10 * i, i, value, value, value))]))]);
    }
}
