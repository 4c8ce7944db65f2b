using Tracker.Storage;
using Tracker.Web.Formatting;
using Tracker.Web.Views.Grid;

namespace Tracker.Web.Tests.Views.Grid;

public sealed class RunColumnsTests
{
    private static readonly RunView s_run = SampleRuns.Of("""{ "network": "f1", "dataset": "fashion-mnist", "smallBatch": 128, "largeBatch": [4096], "methods": ["lb+lr"] }""")[0];

    [Fact]
    public void Columns_are_read_in_their_order_with_the_run_first_and_without_strangers_and_doubles() =>
        RunColumns.Read("seed, batch,nonsense,metrics.grad_norm,seed,id").Select(column => column.Name).ShouldBe(["id", "seed", "batch", "metrics.grad_norm"]);

    [Fact]
    public void Columns_are_written_as_they_are_read_and_the_usual_ones_are_left_out()
    {
        const string names = "id,seed,metrics.validation/loss";
        RunColumns.Write(RunColumns.Read(names)).ShouldBe(names);
        RunColumns.Write(RunColumns.Usual).ShouldBeNull();
        RunColumns.Read(" ").ShouldBe(RunColumns.Usual);
    }

    [Fact]
    public void Names_are_unique() => RunColumns.Fixed.Select(column => column.Name).ShouldBeUnique();

    [Fact]
    public void Every_metric_that_a_run_has_is_offered() =>
        RunColumns.Offered([new("batch", "Batch", RunFieldKind.Number, "Setting"), new("metrics.train/loss", "train/loss", RunFieldKind.Number, "Metric"), new("metrics.`my loss`", "my loss", RunFieldKind.Number, "Metric")])
            .Where(column => column.Group == "Metric").Select(column => column.Metric).ShouldBe(["train/loss", "my loss"]);

    [Fact]
    public void A_metric_is_shown_by_what_it_measures()
    {
        Value(RunColumns.Of("train/loss"), ("train/loss", 0.123456)).ShouldBe(new Quantity("0.1235"));
        Value(RunColumns.Of("validation/accuracy"), ("validation/accuracy", 0.93071)).ShouldBe(new Quantity("93.07", "%"));
        Value(RunColumns.Of("grad_norm")).ShouldBe(Quantity.None);
    }

    [Theory]
    [InlineData("batch", "4,096")]
    [InlineData("seed", "0")]
    [InlineData("network", "F1")]
    [InlineData("method", "lb+lr")]
    [InlineData("accuracy", "–")]
    [InlineData("time_left", "–")]
    public void A_setting_is_shown_as_everywhere(string column, string expected) =>
        Value(RunColumns.Fixed.Single(one => one.Name == column)).ToString().ShouldBe(expected);

    private static Quantity Value(RunColumn column, params IEnumerable<(string Name, double Value)> metrics) =>
        column.Value!(new(s_run, metrics.ToDictionary(metric => metric.Name, metric => metric.Value), ""));
}
