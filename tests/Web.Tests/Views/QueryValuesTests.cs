using System.Reflection;
using Microsoft.AspNetCore.Components;
using Tracker.Web.Views;

namespace Tracker.Web.Tests.Views;

public sealed class QueryValuesTests
{
    // A typed parameter of the address makes the framework throw where the address has something else, and the visitor sees a fault.
    [Fact]
    public void Every_parameter_of_an_address_is_taken_as_text()
    {
        var parameters = typeof(QueryValues).Assembly.GetTypes()
            .SelectMany(type => type.GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Where(property => property.IsDefined(typeof(SupplyParameterFromQueryAttribute)))
            .ToList();
        parameters.Count.ShouldBeGreaterThan(50);
        parameters.Where(property => property.PropertyType != typeof(string) && property.PropertyType != typeof(string[]))
            .Select(property => $"{property.DeclaringType!.Name}.{property.Name}").ShouldBeEmpty();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("1x")]
    [InlineData("1,000")]
    [InlineData("99999999999999999999")]
    public void What_is_no_whole_number_is_none(string? text)
    {
        QueryValues.Int(text).ShouldBeNull();
        QueryValues.Long(text).ShouldBeNull();
    }

    [Fact]
    public void Numbers_and_flags_are_read_as_addresses_write_them()
    {
        QueryValues.Int("-2").ShouldBe(-2);
        QueryValues.Long("9000000000").ShouldBe(9_000_000_000);
        QueryValues.Int("9000000000").ShouldBeNull();
        QueryValues.Double("0.6").ShouldBe(0.6);
        QueryValues.Double("a").ShouldBeNull();
        QueryValues.Double("NaN").ShouldBeNull();
        QueryValues.Double("1e999").ShouldBeNull();
        QueryValues.Flag("True").ShouldBe(true);
        QueryValues.Flag("0").ShouldBe(false);
        QueryValues.Flag("perhaps").ShouldBeNull();
    }
}
