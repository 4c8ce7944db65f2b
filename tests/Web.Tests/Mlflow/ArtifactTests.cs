using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Npgsql;
using Tracker.Web.Hosting;

namespace Tracker.Web.Tests.Mlflow;

public sealed class ArtifactTests(TrackerApp app) : IClassFixture<TrackerApp>
{
    private HttpClient Api => app.Api;

    private string Root => Path.Combine(app.Get<Settings>().DataDirectory, "artifacts");

    [Fact]
    public async Task Files_are_kept_listed_handed_out_and_deleted()
    {
        var (root, run) = await RunAsync("kept");
        await PutAsync($"{root}/a.txt", "first");
        await PutAsync($"{root}/a.txt", "second");
        await PutAsync($"{root}/plots/deep/b.png", "b");
        await PutAsync($"{root}/plots/page.html", "<script>alert(1)</script>");
        (await ListAsync(root)).ShouldBe(["a.txt 6", "plots/"]);
        (await ListAsync($"{root}/plots")).ShouldBe(["deep/", "page.html 25"]);
        (await ListAsync($"{root}/none")).ShouldBeEmpty();
        (await ListAsync($"{root}/a.txt")).ShouldBeEmpty();
        var listed = await Api.GetMlflowAsync($"artifacts/list?run_id={run}&path=plots");
        listed.Text("root_uri").ShouldBe($"mlflow-artifacts:/{root}");
        listed.GetProperty("files").EnumerateArray().Select(f => f.Text("path")).ShouldBe(["plots/deep", "plots/page.html"]);

        using var page = await Api.GetAsync($"{MlflowHttp.Artifacts}{root}/plots/page.html");
        page.Content.Headers.ContentType!.MediaType.ShouldBe("application/octet-stream");
        page.Content.Headers.ContentDisposition!.DispositionType.ShouldBe("attachment");
        page.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        (await Api.GetStringAsync($"/ajax-api/2.0/mlflow-artifacts/artifacts/{root}/a.txt")).ShouldBe("second");
        using var part = new HttpRequestMessage(HttpMethod.Get, $"{MlflowHttp.Artifacts}{root}/a.txt");
        part.Headers.Range = new RangeHeaderValue(1, 3);
        (await (await Api.SendAsync(part)).Content.ReadAsStringAsync()).ShouldBe("eco");

        await (await Api.DeleteAsync($"{MlflowHttp.Artifacts}{root}/plots")).MlflowAsync();
        (await ListAsync(root)).ShouldBe(["a.txt 6"]);
        await Api.DeleteAsync($"{MlflowHttp.Artifacts}{root}/plots").MlflowErrorAsync(HttpStatusCode.NotFound, "RESOURCE_DOES_NOT_EXIST");
        await Api.GetAsync($"{MlflowHttp.Artifacts}{root}/plots/page.html").MlflowErrorAsync(HttpStatusCode.NotFound, "RESOURCE_DOES_NOT_EXIST");
        Directory.GetFiles(Path.Combine(Root, ".incoming")).ShouldBeEmpty();
        (await app.Api.GetJsonAsync($"/api/v1/audit?action=run.artifact")).Items().Count.ShouldBeGreaterThanOrEqualTo(4);
    }

    [Theory]
    [InlineData("..%2F..%2Fkeys%2Fx")]
    [InlineData("a/%2e%2e%2f%2e%2e%2fx")]
    [InlineData("%252e%252e%252fx")]
    [InlineData("a%5C..%5Cx")]
    [InlineData("a%2F%2Fb")]
    [InlineData("%2Fetc%2Fpasswd")]
    [InlineData("a%01b")]
    [InlineData("a%2F.")]
    public async Task No_path_leads_out_of_a_runs_folder(string path)
    {
        var (root, _) = await RunAsync("attacked");
        var before = Directory.GetFiles(app.Get<Settings>().DataDirectory, "*", SearchOption.AllDirectories).Length;
        using var content = new ByteArrayContent([1]);
        await Api.PutAsync($"{MlflowHttp.Artifacts}{root}/{path}", content).MlflowErrorAsync(HttpStatusCode.BadRequest, "INVALID_PARAMETER_VALUE");
        await Api.GetAsync($"{MlflowHttp.Artifacts}{root}/{path}").MlflowErrorAsync(HttpStatusCode.BadRequest, "INVALID_PARAMETER_VALUE");
        await Api.GetAsync($"{MlflowHttp.Artifacts[..^1]}?path={root}/{path}").MlflowErrorAsync(HttpStatusCode.BadRequest, "INVALID_PARAMETER_VALUE");
        Directory.GetFiles(app.Get<Settings>().DataDirectory, "*", SearchOption.AllDirectories).Length.ShouldBe(before);
    }

    [Theory]
    [InlineData("path=/etc")]
    [InlineData("path=C:/x")]
    [InlineData("path=file:///etc")]
    [InlineData("path=..")]
    [InlineData("path=1/2")]
    [InlineData("")]
    public async Task A_list_of_no_run_is_refused(string query) =>
        await Api.GetAsync($"{MlflowHttp.Artifacts[..^1]}?{query}").MlflowErrorAsync(HttpStatusCode.BadRequest, "INVALID_PARAMETER_VALUE");

    [Fact]
    public async Task A_run_keeps_its_files_when_it_is_given_to_another_sweep()
    {
        var (root, run) = await RunAsync("given");
        var (empty, other) = await RunAsync("given too");
        await PutAsync($"{root}/a.txt", "first");
        var heir = await Api.ExperimentAsync($"heir {Guid.NewGuid():N}");
        foreach (var (from, id) in new[] { (root, run), (empty, other) })
        {
            await using var give = app.Get<NpgsqlDataSource>().CreateCommand($"UPDATE runs SET sweep_id = {heir} WHERE id = {Convert.ToInt64(id, 16)}");
            await give.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
            await Api.PostMlflowAsync("experiments/delete", $$"""{"experiment_id":"{{from.Split('/')[0]}}"}""");
        }
        var now = $"{heir}/{run}/artifacts";
        (await Api.FindRunAsync(run)).GetProperty("info").Text("artifact_uri").ShouldBe($"mlflow-artifacts:/{now}");
        await PutAsync($"{now}/b.txt", "b");
        await PutAsync($"{root}/c.txt", "c");
        foreach (var place in new[] { root, now })
        {
            (await ListAsync(place)).ShouldBe(["a.txt 5", "b.txt 1", "c.txt 1"]);
            (await Api.GetStringAsync($"{MlflowHttp.Artifacts}{place}/a.txt")).ShouldBe("first");
        }
        (await Api.GetMlflowAsync($"artifacts/list?run_id={run}")).GetProperty("files").GetArrayLength().ShouldBe(3);
        // Its program sends its first file only when the run is another sweep's.
        await PutAsync($"{empty}/late.txt", "x");
        (await ListAsync($"{heir}/{other}/artifacts")).ShouldBe(["late.txt 1"]);
        await Api.GetAsync($"{MlflowHttp.Artifacts[..^1]}?path=0/{run}/artifacts").MlflowErrorAsync(HttpStatusCode.BadRequest, "INVALID_PARAMETER_VALUE");
    }

    [Fact]
    public void What_a_broken_upload_left_goes_after_a_day()
    {
        var incoming = Directory.CreateDirectory(Path.Combine(Root, ".incoming")).FullName;
        var (old, young) = (Path.Combine(incoming, $"old-{Guid.NewGuid():N}"), Path.Combine(incoming, $"young-{Guid.NewGuid():N}"));
        foreach (var (file, hours) in new[] { (old, 25), (young, 23) })
        {
            File.WriteAllText(file, "half");
            File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddHours(-hours));
        }
        app.Get<ArtifactFiles>().RemoveAbandoned().ShouldBe(1);
        (File.Exists(old), File.Exists(young)).ShouldBe((false, true));
        File.Delete(young);
    }

    [Fact]
    public async Task Links_are_not_followed()
    {
        var (root, _) = await RunAsync("linked");
        await PutAsync($"{root}/a.txt", "x");
        var outside = Directory.CreateTempSubdirectory("tracker-outside-");
        await File.WriteAllTextAsync(Path.Combine(outside.FullName, "secret"), "secret", TestContext.Current.CancellationToken);
        Directory.CreateSymbolicLink(Path.Combine(Root, root, "out"), outside.FullName);
        File.CreateSymbolicLink(Path.Combine(Root, root, "file"), Path.Combine(outside.FullName, "secret"));
        (await ListAsync(root)).ShouldBe(["a.txt 1"]);
        (await ListAsync($"{root}/out")).ShouldBeEmpty();
        foreach (var path in new[] { "out/secret", "file" })
            await Api.GetAsync($"{MlflowHttp.Artifacts}{root}/{path}").MlflowErrorAsync(HttpStatusCode.NotFound, "RESOURCE_DOES_NOT_EXIST");
        using var content = new ByteArrayContent([1]);
        await Api.PutAsync($"{MlflowHttp.Artifacts}{root}/out/new", content).MlflowErrorAsync(HttpStatusCode.BadRequest, "INVALID_PARAMETER_VALUE");
        await Api.DeleteAsync($"{MlflowHttp.Artifacts}{root}/out").MlflowErrorAsync(HttpStatusCode.NotFound, "RESOURCE_DOES_NOT_EXIST");
        outside.GetFiles().Length.ShouldBe(1);
        outside.Delete(recursive: true);
    }

    [Fact]
    public async Task Only_runs_that_are_there_take_files()
    {
        var (root, run) = await RunAsync("there");
        await PutAsync($"{root}/a", "x");
        foreach (var (path, status, code) in new[]
        {
            ($"{root}/a/b", HttpStatusCode.BadRequest, "INVALID_PARAMETER_VALUE"), (root, HttpStatusCode.BadRequest, "INVALID_PARAMETER_VALUE"),
            ($"0/{run}/artifacts/a", HttpStatusCode.BadRequest, "INVALID_PARAMETER_VALUE"), ("0/ffff/artifacts/a", HttpStatusCode.BadRequest, "INVALID_PARAMETER_VALUE"),
            ($"0/{new string('0', 26)}ffffff/artifacts/a", HttpStatusCode.NotFound, "RESOURCE_DOES_NOT_EXIST"), ($"{root}/{new string('x', 300)}", HttpStatusCode.BadRequest, "INVALID_PARAMETER_VALUE"),
        })
        {
            using var content = new ByteArrayContent([1]);
            await Api.PutAsync(MlflowHttp.Artifacts + path, content).MlflowErrorAsync(status, code);
        }
        await PutAsync($"{root}/folder/x", "x");
        using var blocked = new ByteArrayContent([1]);
        await Api.PutAsync($"{MlflowHttp.Artifacts}{root}/folder", blocked).MlflowErrorAsync(HttpStatusCode.BadRequest, "INVALID_PARAMETER_VALUE");
        await Api.PostMlflowAsync("runs/delete", $$"""{"run_id":"{{run}}"}""");
        using var late = new ByteArrayContent([1]);
        await Api.PutAsync($"{MlflowHttp.Artifacts}{root}/late", late).MlflowErrorAsync(HttpStatusCode.BadRequest, "INVALID_PARAMETER_VALUE");
        (await Api.GetStringAsync($"{MlflowHttp.Artifacts}{root}/a")).ShouldBe("x");
    }

    [Fact]
    public async Task Names_that_are_too_long_are_the_clients_fault_and_a_disk_that_takes_no_file_is_no_database_that_is_away()
    {
        var (root, _) = await RunAsync("refused");
        using var content = new ByteArrayContent([1]);
        var deep = string.Join('/', Enumerable.Repeat(Uri.EscapeDataString(new string('日', 80)), 20));
        (await Api.PutAsync($"{MlflowHttp.Artifacts}{root}/{deep}", content).MlflowErrorAsync(HttpStatusCode.BadRequest, "INVALID_PARAMETER_VALUE")).ShouldContain("3000");
        var folder = Path.Combine(Root, root);
        Directory.CreateDirectory(Path.GetDirectoryName(folder)!);
        await File.WriteAllTextAsync(folder, "in the way", TestContext.Current.CancellationToken);
        using var refused = new ByteArrayContent([1]);
        (await Api.PutAsync($"{MlflowHttp.Artifacts}{root}/a.txt", refused).MlflowErrorAsync(HttpStatusCode.ServiceUnavailable, "TEMPORARILY_UNAVAILABLE")).ShouldContain("no room");
    }

    [Fact]
    public async Task Uploads_in_parts_are_declined_in_the_words_that_clients_look_for()
    {
        foreach (var verb in new[] { "create", "complete", "abort" })
        {
            (await Api.PostAsync($"/api/2.0/mlflow-artifacts/mpu/{verb}/1/2/artifacts/a", Http.Json("{}")).MlflowErrorAsync(HttpStatusCode.NotImplemented, "NOT_IMPLEMENTED"))
                .ShouldStartWith("Multipart upload is not supported for the current artifact repository");
        }
    }

    private async Task<(string Root, string Run)> RunAsync(string name)
    {
        var experiment = await Api.ExperimentAsync($"artifacts {name} {Guid.NewGuid():N}");
        var run = await Api.RunAsync(experiment);
        return ($"{experiment}/{run}/artifacts", run);
    }

    private async Task PutAsync(string path, string text)
    {
        using var content = new StringContent(text);
        await (await Api.PutAsync(MlflowHttp.Artifacts + path, content)).MlflowAsync();
    }

    private async Task<List<string>> ListAsync(string path) =>
        [.. (await (await Api.GetAsync($"{MlflowHttp.Artifacts[..^1]}?path={Uri.EscapeDataString(path)}")).MlflowAsync()).GetProperty("files").EnumerateArray().Select(Shown)];

    private static string Shown(JsonElement file) => file.GetProperty("is_dir").GetBoolean() ? $"{file.Text("path")}/" : $"{file.Text("path")} {file.GetProperty("file_size").GetInt64()}";
}
