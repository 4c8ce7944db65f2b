using Tracker.Domain;
using Tracker.Storage;
using Tracker.Web.Components.Charts;
using Tracker.Web.Views;

namespace Tracker.Web.Tests.Views;

public sealed class RunChartsTests
{
    [Fact]
    public void What_a_run_takes_of_its_machine_is_charted_in_cores_gigabytes_and_percent()
    {
        var charts = Charts((MetricNames.SystemCpu, [0.5, 1.9]), (MetricNames.SystemMemory, [300e6, 1.25e9]), (MetricNames.SystemGpu, [40, 87]), (MetricNames.SystemGpuMemory, [7e9, 7.5e9]));

        charts.System.Select(chart => $"{chart.Title}, {chart.Unit}").ShouldBe(["CPU, cores in use", "Memory, GB", "GPU, % busy", "GPU memory, GB"]);
        charts.System.Select(chart => chart.Data.Series.ShouldHaveSingleItem().Ys).ShouldBe([[0.5, 1.9], [0.3, 1.25], [40, 87], [7, 7.5]]);
        charts.System.ShouldAllBe(chart => chart.Data.Y.Min == 0 && chart.Data.Y.Unit == AxisUnit.Plain);
        charts.System[2].Data.Y.Max.ShouldBe(100);
    }

    [Fact]
    public void A_run_on_the_CPU_has_no_charts_of_a_GPU()
    {
        Charts((MetricNames.SystemCpu, [1]), (MetricNames.SystemMemory, [300e6])).System.Select(chart => chart.Title).ShouldBe(["CPU", "Memory"]);
        Charts().System.ShouldBeEmpty();
    }

    private static RunCharts Charts(params (string Name, double[] Values)[] measured)
    {
        var run = SampleRuns.Of("""{ "network": "f1", "dataset": "fashion-mnist", "smallBatch": 128 }""")[0];
        var series = measured.ToDictionary(
            metric => metric.Name,
            metric => new MetricSeries(run.Id, metric.Name, metric.Values.Length,
                [.. metric.Values.Select((value, i) => new MetricBucket(10 * i, i, value, value, value))]));
        return new(new(run, RunPlan.For(run.Spec), [], [], [], series, CurveAxis.Epoch, null, [], null));
    }
}
