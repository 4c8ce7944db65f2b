using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Tracker.Jobs.Tests.Fakes;

/// <summary>What a client asked.</summary>
internal sealed record FileRequest(string Path, long? From, string? IfRange);

/// <summary>What a server answers.</summary>
/// <param name="Status">Status and reason.</param>
/// <param name="Body">The whole body that is announced.</param>
/// <param name="SendOnly">How much of it is sent before the connection is cut; all of it when <see langword="null"/>.</param>
internal sealed record FileReply(string Status, byte[] Body, int? SendOnly = null)
{
    public List<string> Headers { get; init; } = [];

    /// <summary>Whether the length is announced; else the end of the connection is the end of the body.</summary>
    public bool TellsLength { get; init; } = true;

    /// <summary>What must happen before the rest of the body is sent.</summary>
    public Task? WaitBeforeBody { get; init; }
}

/// <summary>A web server of files that may misbehave in every way: each connection is answered once and closed.</summary>
internal sealed class FileServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<FileRequest, FileReply> _answer;
    private readonly Task _loop;

    public FileServer(Func<FileRequest, FileReply> answer)
    {
        _answer = answer;
        _listener.Start();
        _loop = Task.Run(AcceptAsync);
    }

    /// <summary>Every request so far.</summary>
    public ConcurrentQueue<FileRequest> Requests { get; } = new();

    public Uri At(string file) => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/{file}");

    /// <summary>A well-behaved answer: the file, or the rest of it.</summary>
    public static FileReply Serve(byte[] content, FileRequest request, string etag = "\"1\"") =>
        request.From is { } from && (request.IfRange is null || request.IfRange == etag)
            ? new("206 Partial Content", content[(int)from..]) { Headers = [$"Content-Range: bytes {from}-{content.Length - 1}/{content.Length}", $"ETag: {etag}"] }
            : new("200 OK", content) { Headers = [$"ETag: {etag}"] };

    public static FileReply NotFound { get; } = new("404 Not Found", []);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            var client = await _listener.AcceptTcpClientAsync(_stop.Token);
            _ = Task.Run(() => AnswerAsync(client));
        }
    }

    private async Task AnswerAsync(TcpClient client)
    {
        using var connection = client;
        await using var stream = client.GetStream();
        var request = await ReadAsync(stream);
        Requests.Enqueue(request);
        var reply = _answer(request);
        var head = new StringBuilder($"HTTP/1.1 {reply.Status}\r\nConnection: close\r\n");
        if (reply.TellsLength) head.Append(CultureInfo.InvariantCulture, $"Content-Length: {reply.Body.Length}\r\n");
        foreach (var header in reply.Headers) head.Append(header).Append("\r\n");
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head.Append("\r\n").ToString()), _stop.Token);
        if (reply.WaitBeforeBody is { } wait) await wait.WaitAsync(_stop.Token);
        await stream.WriteAsync(reply.Body.AsMemory(0, reply.SendOnly ?? reply.Body.Length), _stop.Token);
    }

    private async Task<FileRequest> ReadAsync(Stream stream)
    {
        using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
        var path = (await reader.ReadLineAsync(_stop.Token))!.Split(' ')[1].TrimStart('/');
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        while (await reader.ReadLineAsync(_stop.Token) is { Length: > 0 } line)
        {
            var parts = line.Split(':', 2);
            headers[parts[0]] = parts[1].Trim();
        }
        long? from = headers.TryGetValue("Range", out var range) ? long.Parse(range["bytes=".Length..].TrimEnd('-'), CultureInfo.InvariantCulture) : null;
        return new(path, from, headers.GetValueOrDefault("If-Range"));
    }
}
