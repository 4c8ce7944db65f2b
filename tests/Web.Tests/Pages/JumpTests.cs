using System.Net;

namespace Tracker.Web.Tests.Pages;

/// <summary>What the jump box of the pages finds.</summary>
public sealed class JumpTests(TrackerApp app) : IClassFixture<TrackerApp>
{
    [Fact]
    public async Task A_part_of_a_name_finds_sweeps_newest_first_and_a_number_finds_the_run()
    {
        var older = await app.SubmitAsync(Experiments.Sweep("Half 50% done"));
        var newer = await app.SubmitAsync(Experiments.Sweep("HALF as long"));
        var run = (await app.RunsAsync(older)).ShouldHaveSingleItem();

        var byName = await app.Api.GetJsonAsync("/jump?text=half");
        byName.EnumerateArray().Select(found => found.GetProperty("href").GetString()).ShouldBe([$"sweeps/{newer}", $"sweeps/{older}"]);
        (await app.Api.GetJsonAsync("/jump?text=50%25")).EnumerateArray().ShouldHaveSingleItem().GetProperty("title").GetString().ShouldBe("Half 50% done");
        (await app.Api.GetJsonAsync($"/jump?text={run}")).EnumerateArray().Select(found => found.GetProperty("href").GetString()).ShouldContain($"runs/{run}");
        (await app.Api.GetJsonAsync("/jump?text=")).GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task A_stranger_finds_nothing()
    {
        using var stranger = app.Client();
        using var answer = await stranger.GetAsync(new Uri("/jump?text=half", UriKind.Relative));
        answer.StatusCode.ShouldBeOneOf(HttpStatusCode.Unauthorized, HttpStatusCode.Found);
    }
}
