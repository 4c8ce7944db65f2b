using Npgsql;
using Tracker.Domain;
using Tracker.Storage;

namespace Tracker.Web.Tests.Pages;

/// <summary>What the pages of runs and sweeps say of failures and of shared devices, as they are first sent.</summary>
public sealed class RunPageTests(TrackerApp app) : IClassFixture<TrackerApp>
{
    [Fact]
    public async Task A_failed_run_says_its_kind_of_failure_first_also_on_home()
    {
        var sweep = await app.SubmitAsync(Experiments.Sweep("Failing"));
        var run = (await app.RunsAsync(sweep)).ShouldHaveSingleItem();
        var attempt = await app.StartAsync(run, await app.HostAsync());
        await app.Get<IAttempts>().EndAsync(run, attempt, new(AttemptOutcome.Failed, 4, null, "12 GB asked for", FailureKind.OutOfMemory), CancellationToken.None);

        foreach (var page in (string[])[$"/runs/{run}", "/"])
            (await app.Api.GetStringAsync(page)).ShouldContain("Out of memory: 12 GB asked for", customMessage: page);
    }

    [Fact]
    public async Task Where_time_is_shown_runs_that_shared_a_device_are_left_out_until_asked_for()
    {
        var sweep = await app.SubmitAsync(Experiments.Sweep("Shared", seeds: "[0,1]"));
        var runs = await app.RunsAsync(sweep);
        foreach (var run in runs) await app.TrainAsync(run, await app.HostAsync(), 0.8);
        await ShareAsync(runs[0]);

        (await app.Api.GetStringAsync($"/sweeps/{sweep}?x=step")).ShouldContain("Of training time and samples/s, 1 run is left out");
        var time = await app.Api.GetStringAsync($"/sweeps/{sweep}?x=time");
        time.ShouldContain(">1 run is left out: it shared its device, and alone it would have taken less time.<");
        time.ShouldContain("Show them");
        var shown = await app.Api.GetStringAsync($"/sweeps/{sweep}?x=time&shared=1");
        shown.ShouldContain(">1 run shared its device: alone it would have taken less time.<");
        shown.ShouldContain("Leave them out");
        (await app.Api.GetStringAsync($"/runs/{runs[0]}")).ShouldContain("on a shared device");
        (await app.Api.GetStringAsync($"/runs/{runs[1]}")).ShouldNotContain("on a shared device");
    }

    private async Task ShareAsync(long run)
    {
        await using var share = app.Get<NpgsqlDataSource>().CreateCommand("UPDATE runs SET shared = true WHERE id = $1");
        share.Parameters.Add(new() { Value = run });
        (await share.ExecuteNonQueryAsync()).ShouldBe(1);
    }
}
