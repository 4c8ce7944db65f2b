using System.Security.Cryptography;
using Tracker.Jobs.Data;
using Tracker.Jobs.Tests.Fakes;

namespace Tracker.Jobs.Tests.Data;

public sealed class DownloaderTests : IDisposable
{
    private static readonly byte[] s_content = [.. Enumerable.Range(0, 300_000).Select(i => (byte)(i * 31 + i / 256))];
    private static readonly byte[] s_other = [.. s_content.Select(b => (byte)~b)];
    private static readonly DownloadLimits s_limits = new(Retries: 2, FirstDelay: TimeSpan.FromMilliseconds(1), Silence: TimeSpan.FromSeconds(10));

    private readonly TemporaryDirectory _directory = new();
    private readonly RecordingReport _report = new();
    private readonly Downloader _downloader = new(s_limits);

    public void Dispose()
    {
        _downloader.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task A_file_comes_whole_and_leaves_nothing_else()
    {
        await using var server = new FileServer(r => FileServer.Serve(s_content, r));
        File.ReadAllBytes(await FetchAsync(server.At("a"))).ShouldBe(s_content);
        Directory.GetFiles(_directory.Path).ShouldBe([_directory.File("data.bin")]);
        _report.Progress.Last().ShouldBe(new DataProgress("data.bin", s_content.Length, s_content.Length));
        await FetchAsync(server.At("a"));
        server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_connection_that_is_cut_again_and_again_is_taken_up_where_it_ended()
    {
        await using var server = new FileServer(r => FileServer.Serve(s_content, r) with { SendOnly = (int)Math.Min(40_000, s_content.Length - (r.From ?? 0)) });
        File.ReadAllBytes(await FetchAsync(server.At("a"))).ShouldBe(s_content);
        server.Requests.Select(r => r.From ?? 0).ShouldBe([0, 40_000, 80_000, 120_000, 160_000, 200_000, 240_000, 280_000]);
        server.Requests.Skip(1).ShouldAllBe(r => r.IfRange == "\"1\"");
    }

    [Fact]
    public async Task A_server_that_knows_no_ranges_sends_everything_anew()
    {
        var cuts = 0;
        await using var server = new FileServer(_ => new("200 OK", s_content, cuts++ == 0 ? 1000 : null));
        File.ReadAllBytes(await FetchAsync(server.At("a"))).ShouldBe(s_content);
        server.Requests.Select(r => r.From).ShouldBe([null, 1000]);
    }

    [Fact]
    public async Task A_file_that_changed_meanwhile_is_not_mixed_with_the_old_one()
    {
        var asked = 0;
        await using var server = new FileServer(r => asked++ == 0
            ? FileServer.Serve(s_other, r, "\"old\"") with { SendOnly = 100_000 }
            : FileServer.Serve(s_content, r, "\"new\""));
        File.ReadAllBytes(await FetchAsync(server.At("a"))).ShouldBe(s_content);
        server.Requests.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_part_that_turns_out_to_be_damaged_is_thrown_away_and_downloaded_anew()
    {
        File.WriteAllBytes(_directory.File("data.bin.part"), s_other[..5000]);
        await using var server = new FileServer(r => FileServer.Serve(s_content, r));
        File.ReadAllBytes(await FetchAsync(server.At("a"))).ShouldBe(s_content);
        server.Requests.Select(r => r.From).ShouldBe([5000, null]);
        _report.Said.ShouldContain(s => s.Contains("damaged"));
    }

    [Fact]
    public async Task A_part_that_is_too_long_is_thrown_away()
    {
        File.WriteAllBytes(_directory.File("data.bin.part"), [.. s_content, 0]);
        await using var server = new FileServer(r => FileServer.Serve(s_content, r));
        File.ReadAllBytes(await FetchAsync(server.At("a"))).ShouldBe(s_content);
        server.Requests.Select(r => r.From).ShouldBe([null]);
    }

    [Fact]
    public async Task The_next_mirror_goes_on_with_what_the_last_one_sent()
    {
        var asked = 0;
        await using var bad = new FileServer(r => asked++ == 0 ? FileServer.Serve(s_content, r) with { SendOnly = 123_456 } : FileServer.NotFound);
        await using var good = new FileServer(r => FileServer.Serve(s_content, r));
        File.ReadAllBytes(await FetchAsync(bad.At("a"), good.At("b"))).ShouldBe(s_content);
        good.Requests.ShouldHaveSingleItem().ShouldBe(new FileRequest("b", 123_456, null));
    }

    [Fact]
    public async Task Mirrors_that_have_nothing_useful_are_passed_over_with_the_reason()
    {
        await using var missing = new FileServer(_ => FileServer.NotFound);
        await using var wrong = new FileServer(r => FileServer.Serve(s_other, r));
        await using var page = new FileServer(_ => new("200 OK", "<html>Please sign in</html>"u8.ToArray()));
        await using var endless = new FileServer(_ => new("200 OK", [.. s_other, .. s_other]) { TellsLength = false });
        await using var busy = new FileServer(_ => new("503 Service Unavailable", []));
        await using var good = new FileServer(r => FileServer.Serve(s_content, r));
        var path = await FetchAsync(missing.At("a"), wrong.At("a"), page.At("a"), endless.At("a"), busy.At("a"), good.At("a"));

        File.ReadAllBytes(path).ShouldBe(s_content);
        var said = _report.Said.ToList();
        said.Count.ShouldBe(5);
        said[0].ShouldContain("answers 404 Not Found");
        said[1].ShouldContain($"expected SHA-256 {Sha256(s_content)}, found {Sha256(s_other)}");
        said[2].ShouldContain($"has a file of 27 bytes instead of {s_content.Length}");
        said[3].ShouldContain("other content than was published");
        said[4].ShouldContain("answers 503 Service Unavailable");
        busy.Requests.Count.ShouldBe(1 + s_limits.Retries);
        missing.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task When_no_mirror_helps_all_reasons_are_told_and_the_part_stays()
    {
        await using var cut = new FileServer(r => r.From is null ? FileServer.Serve(s_content, r) with { SendOnly = 7000 } : FileServer.NotFound);
        var gone = new FileServer(_ => FileServer.NotFound);
        var nobody = gone.At("a");
        await gone.DisposeAsync();
        var failure = await Should.ThrowAsync<DownloadException>(() => FetchAsync(nobody, cut.At("a")));
        failure.Message.ShouldContain($"{nobody.Authority} does not answer");
        failure.Message.ShouldContain($"{cut.At("a").Authority} answers 404 Not Found");
        File.ReadAllBytes(_directory.File("data.bin.part")).ShouldBe(s_content[..7000]);
        File.Exists(_directory.File("data.bin")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_mirror_that_falls_silent_is_given_up()
    {
        using var impatient = new Downloader(s_limits with { Retries = 1, Silence = TimeSpan.FromMilliseconds(200) });
        var never = new TaskCompletionSource();
        await using var silent = new FileServer(r => FileServer.Serve(s_content, r) with { WaitBeforeBody = never.Task });
        await using var good = new FileServer(r => FileServer.Serve(s_content, r));
        var path = await impatient.FetchAsync(Remote(silent.At("a"), good.At("a")), _directory.Path, _report, TestContext.Current.CancellationToken);
        File.ReadAllBytes(path).ShouldBe(s_content);
        _report.Said.ShouldHaveSingleItem().ShouldContain("sent nothing for");
    }

    [Fact]
    public async Task A_download_that_is_interrupted_goes_on_later()
    {
        using var interrupted = new CancellationTokenSource();
        var report = new RecordingReport { OnProgress = p => { if (p.Done > 100_000) interrupted.Cancel(); } };
        await using var server = new FileServer(r => FileServer.Serve(s_content, r));
        await Should.ThrowAsync<OperationCanceledException>(() => _downloader.FetchAsync(Remote(server.At("a")), _directory.Path, report, interrupted.Token));
        var received = new FileInfo(_directory.File("data.bin.part")).Length;
        received.ShouldBeGreaterThan(100_000);

        File.ReadAllBytes(await FetchAsync(server.At("a"))).ShouldBe(s_content);
        if (received < s_content.Length) server.Requests.Last().From.ShouldBe(received);
    }

    [Fact]
    public async Task A_place_that_cannot_be_written_is_no_fault_of_the_mirror()
    {
        Directory.CreateDirectory(_directory.File("data.bin.part"));
        await using var server = new FileServer(r => FileServer.Serve(s_content, r));
        var failure = await Should.ThrowAsync<DownloadException>(() => FetchAsync(server.At("a")));
        failure.Message.ShouldContain($"{_directory.File("data.bin")} cannot be written");
    }

    private Task<string> FetchAsync(params Uri[] mirrors) =>
        _downloader.FetchAsync(Remote(mirrors), _directory.Path, _report, TestContext.Current.CancellationToken);

    private static RemoteFile Remote(params Uri[] mirrors) => new("data.bin", s_content.Length, Sha256(s_content), mirrors);

    private static string Sha256(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
