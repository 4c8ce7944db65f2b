using Tracker.Domain;

namespace Tracker.Web.Tests.Api;

public sealed class CatalogueTests(TrackerApp app) : IClassFixture<TrackerApp>
{
    [Fact]
    public async Task Everything_that_can_be_asked_for_is_listed_with_its_defaults()
    {
        var networks = (await app.Api.GetJsonAsync("/api/v1/networks")).EnumerateArray().ToList();
        networks.Select(n => n.Text("name")).ShouldBe(Catalogue.Networks.Select(n => n.Name));
        networks[0].GetProperty("defaults").GetProperty("learningRate").GetDouble().ShouldBe(0.1);
        (await app.Api.GetJsonAsync("/api/v1/datasets")).EnumerateArray().Select(d => d.Text("name")).ShouldBe(Catalogue.Datasets.Select(d => d.Name));
        var methods = await app.Api.GetJsonAsync("/api/v1/methods");
        methods.GetProperty("columns").EnumerateArray().Select(m => m.Text("name")).ShouldBe(Method.TableColumns.Select(m => m.ToString()));
        methods.GetProperty("techniques").EnumerateArray().Select(t => Method.TryParse("lb" + t.Text("name"), out var _, out var _)).ShouldAllBe(known => known);
    }
}
