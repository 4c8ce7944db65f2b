using System.Net;
using Npgsql;
using Tracker.Web.Hosting;

namespace Tracker.Web.Tests.Api;

/// <summary>Checkpoints and logs as files.</summary>
public sealed class RunFileTests(TrackerApp app) : IClassFixture<TrackerApp>
{
    private const string Name = "checkpoint-100.safetensors";

    [Fact]
    public async Task A_checkpoint_of_a_host_with_the_same_data_directory_is_downloaded_whole_or_in_part()
    {
        var run = await TrainedAsync("Download", $"/elsewhere/{Name}", 5);
        Write(run, Name, [1, 2, 3, 4, 5]);

        using var whole = await app.Api.GetAsync($"/api/v1/runs/{run}/checkpoints/100");
        whole.StatusCode.ShouldBe(HttpStatusCode.OK);
        whole.Content.Headers.ContentType!.MediaType.ShouldBe("application/octet-stream");
        whole.Content.Headers.ContentDisposition!.FileName.ShouldBe($"run-{run}-step-100.safetensors");
        (await whole.Content.ReadAsByteArrayAsync()).ShouldBe([1, 2, 3, 4, 5]);

        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/runs/{run}/checkpoints/100");
        request.Headers.Range = new(3, null);
        using var rest = await app.Api.SendAsync(request);
        rest.StatusCode.ShouldBe(HttpStatusCode.PartialContent);
        (await rest.Content.ReadAsByteArrayAsync()).ShouldBe([4, 5]);
    }

    [Theory]
    [InlineData("no file", Name, 5, false)]
    [InlineData("another size", Name, 6, true)]
    [InlineData("a way out of the folder", "../../secret.safetensors", 5, true)]
    [InlineData("another name", "secret", 5, true)]
    public async Task A_checkpoint_that_is_not_here_says_where_it_is(string what, string name, int bytes, bool write)
    {
        var run = await TrainedAsync(what, $"/host/{name}", bytes);
        if (write) Write(run, Path.GetFileName(name), [1, 2, 3, 4, 5]);
        var problem = await (await app.Api.GetAsync($"/api/v1/runs/{run}/checkpoints/100")).ProblemAsync(HttpStatusCode.NotFound);
        problem.Text("detail").ShouldBe($"The checkpoint is on the disk of host, at '/host/{name}', which this server cannot read.");
    }

    [Fact]
    public async Task A_link_among_the_checkpoints_leads_nowhere()
    {
        var run = await TrainedAsync("Link", $"/host/{Name}", 5);
        var secret = Path.GetTempFileName();
        await File.WriteAllBytesAsync(secret, [1, 2, 3, 4, 5]);
        Directory.CreateDirectory(Folder(run));
        File.CreateSymbolicLink(Path.Combine(Folder(run), Name), secret);
        await (await app.Api.GetAsync($"/api/v1/runs/{run}/checkpoints/100")).ProblemAsync(HttpStatusCode.NotFound);
        File.Delete(secret);
    }

    [Fact]
    public async Task A_checkpoint_that_is_not_kept_is_not_found()
    {
        var run = await TrainedAsync("Other step", $"/host/{Name}", 5);
        async Task<string?> AskAsync(long id, string step) =>
            (await (await app.Api.GetAsync($"/api/v1/runs/{id}/checkpoints/{step}")).ProblemAsync(HttpStatusCode.NotFound)).Text("detail");
        (await AskAsync(run, "7")).ShouldBe($"Run {run} has no checkpoint of step 7; the one that is kept is of step 100.");
        (await AskAsync(987_654, "7")).ShouldBe("There is no run 987654.");
        await AskAsync(run, "..%2F..%2Fsecret");
    }

    [Fact]
    public async Task A_log_is_downloaded_as_text()
    {
        var run = await TrainedAsync("Log", $"/host/{Name}", 5);
        using var response = await app.Api.GetAsync($"/api/v1/runs/{run}/log.txt");
        response.Content.Headers.ContentDisposition!.FileName.ShouldBe($"run-{run}.log");
        (await response.Content.ReadAsStringAsync()).ShouldBe("1970-01-01T00:00:01.000Z 1 info first\n1970-01-01T00:00:02.000Z 1 info second\n");
        await (await app.Api.GetAsync("/api/v1/runs/987654/log.txt")).ProblemAsync(HttpStatusCode.NotFound);
    }

    private async Task<long> TrainedAsync(string name, string path, int bytes)
    {
        var run = (await app.RunsAsync(await app.SubmitAsync(Experiments.Sweep(name)))).ShouldHaveSingleItem();
        await app.TrainAsync(run, await app.HostAsync(), 0.5);
        await using var move = app.Get<NpgsqlDataSource>().CreateCommand("UPDATE runs SET checkpoint = checkpoint || jsonb_build_object('path', $2, 'bytes', $3) WHERE id = $1");
        move.Parameters.Add(new() { Value = run });
        move.Parameters.Add(new() { Value = path });
        move.Parameters.Add(new() { Value = bytes });
        (await move.ExecuteNonQueryAsync()).ShouldBe(1);
        return run;
    }

    private string Folder(long run) => Path.Combine(app.Get<Settings>().DataDirectory, "runs", $"{run}");

    private void Write(long run, string name, byte[] content)
    {
        Directory.CreateDirectory(Folder(run));
        File.WriteAllBytes(Path.Combine(Folder(run), name), content);
    }
}
