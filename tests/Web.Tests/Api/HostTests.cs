using System.Net;
using Tracker.Storage;

namespace Tracker.Web.Tests.Api;

public sealed class HostTests(TrackerApp app) : IClassFixture<TrackerApp>
{
    private const string Path = "/api/v1/hosts";

    [Fact]
    public async Task A_host_tells_its_labels_and_the_slots_in_use()
    {
        var id = await app.HostAsync("labelled", "a100", "fast-disk");
        var host = await OneAsync(id);
        host.GetProperty("labels").EnumerateArray().Select(l => l.GetString()).ShouldBe(["a100", "fast-disk"]);
        var device = host.GetProperty("devices").EnumerateArray().ShouldHaveSingleItem();
        device.Text("class").ShouldBe("cpu");
        device.GetProperty("slots").GetInt32().ShouldBe(2);
        device.GetProperty("slotsInUse").GetInt32().ShouldBe(0);
    }

    [Fact]
    public async Task A_host_that_is_up_is_not_removed()
    {
        var id = await app.HostAsync("busy-host");
        var problem = await (await app.Api.DeleteAsync($"{Path}/{id}")).ProblemAsync(HttpStatusCode.Conflict);
        problem.Text("detail")!.ShouldContain("busy-host");
    }

    [Fact]
    public async Task A_host_that_ended_is_removed_and_comes_back_when_it_starts_again()
    {
        var id = await app.HostAsync("ended");
        await app.Get<IHosts>().StoppedAsync(id, "", CancellationToken.None);
        (await app.Api.DeleteAsync($"{Path}/{id}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await app.Api.GetJsonAsync(Path)).EnumerateArray().ShouldNotContain(h => h.Text("name") == "ended");

        await app.HostAsync("ended");
        (await app.Api.GetJsonAsync(Path)).EnumerateArray().Single(h => h.Text("name") == "ended").Text("state").ShouldBe("Up");
    }

    [Fact]
    public async Task Hosts_are_removed_by_admins_alone()
    {
        var id = await app.HostAsync("kept");
        using var member = app.Client(await Members.TokenAsync(app, "member-of-hosts"));
        await (await member.DeleteAsync($"{Path}/{id}")).ProblemAsync(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task An_unknown_host_is_not_found() =>
        (await (await app.Api.DeleteAsync($"{Path}/987654")).ProblemAsync(HttpStatusCode.NotFound)).Text("detail").ShouldBe("There is no host 987654.");

    private async Task<System.Text.Json.JsonElement> OneAsync(long id) =>
        (await app.Api.GetJsonAsync(Path)).EnumerateArray().Single(h => h.Id() == id);
}
