using System.Buffers.Binary;
using System.Net;
using System.Text;
using System.Text.Json;
using Npgsql;
using Tracker.Web.Hosting;

namespace Tracker.Web.Tests.Api;

/// <summary>The weights of a checkpoint as a file of their own.</summary>
public sealed class CheckpointPartTests(TrackerApp app) : IClassFixture<TrackerApp>
{
    private const string Header = """
        {"__metadata__":{"format":"pt","tracker.sha256":"00"},"fc.weight":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]},
        "optimizer.momentum_buffer.fc.weight":{"dtype":"F32","shape":[2,1],"data_offsets":[8,16]},"bn.num_batches_tracked":{"dtype":"I64","shape":[],"data_offsets":[16,24]}}
        """;

    private static readonly byte[] s_data = [.. Enumerable.Range(1, 24).Select(i => (byte)i)];

    [Fact]
    public async Task Weights_are_a_safetensors_file_with_the_names_of_PyTorch_alone()
    {
        var address = await CheckpointAsync(File(Header, s_data));
        using var response = await app.Api.GetAsync($"{address}?part=weights");
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Content.Headers.ContentDisposition!.FileName!.ShouldEndWith("-step-100-weights.safetensors");
        var tag = response.Headers.ETag!;
        tag.Tag.ShouldBe($"\"{new string('a', 64)}-weights\"");
        var file = await response.Content.ReadAsByteArrayAsync();
        var (header, data) = Read(file);
        header.EnumerateObject().Select(p => p.Name).ShouldBe(["__metadata__", "fc.weight", "bn.num_batches_tracked"]);
        header.GetProperty("__metadata__").GetRawText().ShouldBe("""{"format":"pt"}""");
        header.GetProperty("fc.weight").GetRawText().ShouldBe("""{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]}""");
        header.GetProperty("bn.num_batches_tracked").GetRawText().ShouldBe("""{"dtype":"I64","shape":[],"data_offsets":[8,16]}""");
        data.ShouldBe([.. s_data[..8], .. s_data[16..]]);
        ((file.Length - data.Length) % 8).ShouldBe(0);

        foreach (var (from, to) in ((int, int)[])[(3, 5), (file.Length - 12, file.Length - 5), (file.Length - 1, file.Length - 1)])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"{address}?part=weights");
            request.Headers.Range = new(from, to);
            using var part = await app.Api.SendAsync(request);
            part.StatusCode.ShouldBe(HttpStatusCode.PartialContent);
            (await part.Content.ReadAsByteArrayAsync()).ShouldBe(file[from..(to + 1)]);
        }
        using var known = new HttpRequestMessage(HttpMethod.Get, $"{address}?part=weights");
        known.Headers.IfNoneMatch.Add(tag);
        (await app.Api.SendAsync(known)).StatusCode.ShouldBe(HttpStatusCode.NotModified);
        (await app.Api.GetByteArrayAsync($"{address}?part=all")).ShouldBe(File(Header, s_data));
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[9],"data_offsets":[0,36]}}""")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}""")]
    [InlineData("""{"a":7}""")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":["0",4]}}""")]
    [InlineData("[]")]
    [InlineData("{")]
    public async Task A_damaged_file_is_told_as_such(string header)
    {
        var problem = await (await app.Api.GetAsync($"{await CheckpointAsync(File(header, s_data))}?part=weights")).ProblemAsync(HttpStatusCode.NotFound);
        problem.Text("detail")!.ShouldEndWith("is damaged.");
    }

    [Fact]
    public async Task A_file_that_is_shorter_than_its_header_says_is_told_as_such_and_other_parts_are_refused()
    {
        foreach (byte[] file in (byte[][])[[1, 2, 3], [255, 255, 255, 255, 255, 255, 255, 127, 1], []])
            await (await app.Api.GetAsync($"{await CheckpointAsync(file)}?part=weights")).ProblemAsync(HttpStatusCode.NotFound);
        (await (await app.Api.GetAsync("/api/v1/runs/1/checkpoints/1?part=half")).ProblemAsync(HttpStatusCode.BadRequest)).Errors()["part"].ShouldBe("Expected all or weights, found 'half'.");
    }

    private static (JsonElement Header, byte[] Data) Read(byte[] file)
    {
        var length = (int)BinaryPrimitives.ReadInt64LittleEndian(file);
        return (JsonElement.Parse(Encoding.UTF8.GetString(file, 8, length)), file[(8 + length)..]);
    }

    private static byte[] File(string header, byte[] data)
    {
        var text = Encoding.UTF8.GetBytes(header);
        var length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, text.Length);
        return [.. length, .. text, .. data];
    }

    private async Task<string> CheckpointAsync(byte[] file)
    {
        var run = (await app.RunsAsync(await app.SubmitAsync(Experiments.Sweep("Part")))).ShouldHaveSingleItem();
        await app.TrainAsync(run, await app.HostAsync(), 0.5);
        await using var move = app.Get<NpgsqlDataSource>().CreateCommand(
            $"UPDATE runs SET checkpoint = checkpoint || jsonb_build_object('path', '/host/checkpoint-100.safetensors', 'bytes', {file.Length}) WHERE id = {run}");
        await move.ExecuteNonQueryAsync();
        var folder = Path.Combine(app.Get<Settings>().DataDirectory, "runs", $"{run}");
        Directory.CreateDirectory(folder);
        await System.IO.File.WriteAllBytesAsync(Path.Combine(folder, "checkpoint-100.safetensors"), file);
        return $"/api/v1/runs/{run}/checkpoints/100";
    }
}
