using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace Tracker.Cli.Tests;

/// <summary>Files against a server that behaves in all manner of ways.</summary>
public sealed class DownloadTests(CliApp cli) : IClassFixture<CliApp>
{
    private static readonly byte[] s_weights = Encoding.UTF8.GetBytes("the weights of a run");

    [Fact]
    public async Task A_checkpoint_that_arrives_whole_lies_under_the_name_that_the_server_gives()
    {
        var folder = Folder();

        var outcome = await DownloadAsync(folder, Convert.ToHexStringLower(SHA256.HashData(s_weights)), () => new ByteArrayContent(s_weights), "run-1-step-5.safetensors");

        outcome.Code.ShouldBe(ExitCodes.Done, outcome.Error);
        Directory.GetFiles(folder).ShouldBe([Path.Combine(folder, "run-1-step-5.safetensors")]);
        (await File.ReadAllBytesAsync(Path.Combine(folder, "run-1-step-5.safetensors"))).ShouldBe(s_weights);
    }

    [Fact]
    public async Task A_damaged_checkpoint_leaves_what_was_there_before()
    {
        var folder = Folder();
        var before = Path.Combine(folder, "run-1-step-5.safetensors");
        await File.WriteAllTextAsync(before, "earlier");

        var outcome = await DownloadAsync(folder, new string('0', 64), () => new ByteArrayContent(s_weights), "run-1-step-5.safetensors");

        outcome.Code.ShouldBe(ExitCodes.Failed);
        outcome.Error.ShouldContain("damaged");
        Directory.GetFiles(folder).ShouldBe([before]);
        (await File.ReadAllTextAsync(before)).ShouldBe("earlier");
    }

    [Fact]
    public async Task A_connection_that_breaks_off_leaves_nothing()
    {
        var folder = Folder();

        var outcome = await DownloadAsync(folder, new string('0', 64), () => new StreamContent(new BrokenStream()), "run-1-step-5.safetensors");

        outcome.Code.ShouldBe(ExitCodes.Unavailable);
        Directory.GetFiles(folder).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("../../escaped")]
    [InlineData("..")]
    [InlineData(".bashrc")]
    [InlineData("C:\\\\escaped")]
    public async Task A_server_names_no_place_for_a_file(string name)
    {
        var folder = Folder();

        var outcome = await DownloadAsync(folder, Convert.ToHexStringLower(SHA256.HashData(s_weights)), () => new ByteArrayContent(s_weights), name);

        outcome.Code.ShouldBe(ExitCodes.Done, outcome.Error);
        Path.GetFileName(Directory.GetFiles(folder).ShouldHaveSingleItem()).ShouldBeOneOf("escaped", "run-1-step-5.safetensors");
    }

    private Task<Outcome> DownloadAsync(string folder, string sha256, Func<HttpContent> content, string name) => cli.RunAsync(
        new CliCall { Network = () => new Server(sha256, content, name) }, "run", "download", "1", "checkpoint", "-o", folder);

    private string Folder() => Directory.CreateDirectory(Path.Combine(cli.Settings, Path.GetRandomFileName())).FullName;

    private sealed class Server(string sha256, Func<HttpContent> content, string name) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var run = $$"""
                { "id": 1, "sweepId": 1, "title": "A run", "state": "Succeeded", "stateSince": "2026-01-01T00:00:00Z", "createdAt": "2026-01-01T00:00:00Z",
                  "attempt": 1, "reused": false, "checkpoint": { "step": 5, "sha256": "{{sha256}}", "bytes": 20 } }
                """;
            var isRun = request.RequestUri!.AbsolutePath == "/api/v1/runs/1";
            var response = new HttpResponseMessage(HttpStatusCode.OK) { Content = isRun ? new StringContent(run) : content(), RequestMessage = request };
            if (!isRun) response.Content.Headers.ContentDisposition = new ContentDispositionHeaderValue("attachment") { FileName = $"\"{name}\"" };
            return Task.FromResult(response);
        }
    }

    /// <summary>Some bytes, then the connection is gone.</summary>
    private sealed class BrokenStream : Stream
    {
        private bool _hasBegun;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            if (_hasBegun) throw new HttpIOException(HttpRequestError.ResponseEnded, "The response ended prematurely.");
            _hasBegun = true;
            buffer[offset] = 1;
            return 1;
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
