using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Tracker.Tests.Files;

/// <summary>Takes what is exported by OTLP over HTTP, and keeps it as it came: names and texts stand in it as they are.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<(string Path, string Body)> _received = new();
    private readonly Task _loop;
    private volatile TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Collector()
    {
        _listener.Start();
        _loop = Task.Run(ListenAsync);
    }

    /// <summary>The variables by which a process exports to here, every half second.</summary>
    public Dictionary<string, string> Variables => new()
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}",
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        ["OTEL_METRIC_EXPORT_INTERVAL"] = "500",
    };

    /// <summary>Waits until one message of a kind holds all these texts.</summary>
    /// <param name="path">Such as <c>/v1/metrics</c>.</param>
    /// <param name="limit">How long to wait.</param>
    /// <param name="texts">What it holds.</param>
    public async Task WaitAsync(string path, TimeSpan limit, params string[] texts)
    {
        using var patience = new CancellationTokenSource(limit);
        while (true)
        {
            var next = _next.Task;
            if (_received.Any(m => m.Path == path && texts.All(t => m.Body.Contains(t, StringComparison.Ordinal)))) return;
            try
            {
                await next.WaitAsync(patience.Token);
            }
            catch (OperationCanceledException e)
            {
                var missing = texts.Where(t => !_received.Any(m => m.Path == path && m.Body.Contains(t, StringComparison.Ordinal)));
                throw new TimeoutException($"Of {_received.Count} messages none to {path} holds all of: {string.Join(", ", texts)}. In none of them: {string.Join(", ", missing)}.", e);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _loop;
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task ListenAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                await ReceiveAsync(client.GetStream());
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The test is over.
        }
    }

    private async Task ReceiveAsync(NetworkStream stream)
    {
        var text = new StringBuilder();
        var buffer = new byte[64 * 1024];
        int end;
        do
        {
            text.Append(await ReadAsync(stream, buffer));
            end = text.ToString().IndexOf("\r\n\r\n", StringComparison.Ordinal);
        }
        while (end < 0);
        var head = text.ToString(0, end).Split("\r\n");
        var length = int.Parse(head.Single(h => h.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase)).Split(':')[1], CultureInfo.InvariantCulture);
        while (text.Length < end + 4 + length) text.Append(await ReadAsync(stream, buffer));
        _received.Enqueue((head[0].Split(' ')[1], text.ToString(end + 4, length)));
        await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray(), _stop.Token);
        Interlocked.Exchange(ref _next, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
    }

    /// <summary>What comes next, a character for a byte.</summary>
    private async Task<string> ReadAsync(NetworkStream stream, byte[] buffer)
    {
        var count = await stream.ReadAsync(buffer, _stop.Token);
        if (count == 0) throw new IOException("The connection was closed in the middle of a message.");
        return Encoding.Latin1.GetString(buffer, 0, count);
    }
}
