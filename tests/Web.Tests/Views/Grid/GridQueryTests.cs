using Tracker.Domain;
using Tracker.Storage;
using Tracker.Web.Views.Grid;

namespace Tracker.Web.Tests.Views.Grid;

public sealed class GridQueryTests
{
    [Fact]
    public void An_address_without_parameters_lists_all_runs_newest_first_in_the_usual_columns()
    {
        var query = GridQuery.Read(null, null, null);
        query.Filter.ShouldBe("");
        query.Order.ShouldBe(RunOrder.Newest);
        query.Columns.ShouldBe(RunColumns.Usual);
        query.Metrics.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("-accuracy", "accuracy", true)]
    [InlineData("batch", "batch", false)]
    [InlineData("-metrics.validation/accuracy", "metrics.validation/accuracy", true)]
    [InlineData("-", "id", true)]
    public void The_order_is_a_field_with_a_minus_for_the_largest_first(string sort, string field, bool descending) =>
        GridQuery.Read(null, sort, null).Order.ShouldBe(new(field, descending));

    [Fact]
    public void The_usual_order_is_left_out_of_the_address()
    {
        GridQuery.Write(RunOrder.Newest).ShouldBeNull();
        GridQuery.Write(new("accuracy", true)).ShouldBe("-accuracy");
        GridQuery.Write(new("batch", false)).ShouldBe("batch");
    }

    [Fact]
    public void Clicks_on_a_head_go_through_both_directions_and_back_to_the_usual_order()
    {
        var accuracy = RunColumns.Fixed.Single(column => column.Name == "accuracy");
        var query = GridQuery.Read(null, null, null);
        var orders = new List<RunOrder>();
        for (var i = 0; i < 3; i++)
        {
            query = query with { Order = query.Toggled(accuracy) };
            orders.Add(query.Order);
        }
        orders.ShouldBe([new("accuracy", true), new("accuracy", false), RunOrder.Newest]);
    }

    [Fact]
    public void Texts_are_sorted_from_A_first() =>
        GridQuery.Read(null, "-accuracy", null).Toggled(RunColumns.Fixed.Single(column => column.Name == "network")).ShouldBe(new("network", false));

    [Theory]
    [InlineData(null, "3,1,x,3", null, "id in (3, 1)")]
    [InlineData("batch > 1", "3", null, "batch > 1 and id in (3)")]
    [InlineData("batch > 1 or seed = 2", null, 7L, "(batch > 1 or seed = 2) and id < 7")]
    [InlineData("batch > 1 AND ", "3", 7L, "batch > 1 and id in (3) and id < 7")]
    [InlineData("batch >", "3", null, "batch > and id in (3)")]
    [InlineData(null, "", null, "")]
    public void Old_addresses_become_filters(string? filter, string? ids, long? before, string expected) =>
        GridQuery.Read(filter, null, null, ids, before).Filter.ShouldBe(expected);

    [Fact]
    public void A_filter_without_room_for_the_ids_of_the_address_is_joined_with_them_all_the_same()
    {
        var full = string.Join(" and ", Enumerable.Repeat("batch > 1", FilterParser.MaxTerms));
        var query = GridQuery.Read(full, null, null, "3,1", 7);
        query.Filter.ShouldBe(full);
        query.Within!.ToString().ShouldBe("id IN (3, 1) AND id < 7");
        query.Search.Within.ShouldBe(query.Within);
        query.Finds(GridQuery.Read(full, null, null)).ShouldBeFalse();
        GridQuery.Read(null, null, null, string.Join(',', Enumerable.Range(1, 5000))).Restricts.ShouldBeTrue();
    }

    [Fact]
    public void Another_column_asks_for_the_list_anew_only_when_it_shows_a_metric()
    {
        var query = GridQuery.Read("batch > 1", null, null);
        query.Finds(GridQuery.Read("batch > 1", null, "seed,batch")).ShouldBeTrue();
        query.Finds(GridQuery.Read("batch > 1", null, "metrics.grad_norm")).ShouldBeFalse();
        query.Finds(GridQuery.Read("batch > 2", null, null)).ShouldBeFalse();
        query.Finds(GridQuery.Read("batch > 1", "batch", null)).ShouldBeFalse();
    }
}
