using Tracker.Web.Views.Grid;

namespace Tracker.Web.Tests.Views.Grid;

public sealed class QuickFilterTests
{
    [Theory]
    [InlineData("", "state", "Failed", "state = 'Failed'")]
    [InlineData("batch > 1024", "state", "Failed", "batch > 1024 and state = 'Failed'")]
    [InlineData("batch > 1024 or seed = 1", "state", "Failed", "(batch > 1024 or seed = 1) and state = 'Failed'")]
    [InlineData("state = 'Failed'", "state", "Failed", "")]
    [InlineData("state = 'Failed' and batch > 1", "state", "Failed", "batch > 1")]
    [InlineData("batch > 1 AND state = 'Failed'", "state", "Queued", "batch > 1 and state in ('Failed', 'Queued')")]
    [InlineData("state in ('Failed', 'Queued')", "state", "Queued", "state = 'Failed'")]
    [InlineData("State=\"Failed\"", "state", "Queued", "state in ('Failed', 'Queued')")]
    [InlineData("network = 'f1'", "technique", "+LR", "network = 'f1' and technique = '+LR'")]
    [InlineData("name = 'x and state = y'", "state", "Failed", "name = 'x and state = y' and state = 'Failed'")]
    public void A_click_adds_a_condition_or_takes_it_away(string filter, string field, string value, string expected) =>
        QuickFilter.Toggled(filter, field, value).ShouldBe(expected);

    [Fact]
    public void A_quote_within_a_value_is_doubled_and_read_back()
    {
        var filter = QuickFilter.With("", "host", ["o'brien"]);
        filter.ShouldBe("host = 'o''brien'");
        QuickFilter.Values(filter, "host").ShouldBe(["o'brien"]);
    }

    [Theory]
    [InlineData("not state = 'Failed'")]
    [InlineData("state != 'Failed'")]
    [InlineData("state = 'Failed' or batch > 1")]
    [InlineData("(state = 'Failed')")]
    public void Other_ways_to_write_a_condition_are_left_alone(string filter) => QuickFilter.Values(filter, "state").ShouldBeEmpty();
}
