using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Tracker.Web.Tests.Webhooks;

/// <summary>What a receiver got.</summary>
internal sealed record ReceivedHook(string Method, string Path, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public JsonElement Json => JsonElement.Parse(Body);

    public string Text => Encoding.UTF8.GetString(Body);
}

/// <summary>A program that webhooks are sent to, on a loopback port.</summary>
internal sealed class HookReceiver : IAsyncDisposable
{
    private readonly Channel<ReceivedHook> _received = Channel.CreateUnbounded<ReceivedHook>();
    private readonly WebApplication _app;
    private Func<HttpContext, int, Task> _answer;
    private int _count;

    private HookReceiver(WebApplication app, Func<HttpContext, int, Task> answer) => (_app, _answer) = (app, answer);

    public string Url => _app.Urls.Single() + "/hook";

    public int Port => new Uri(Url).Port;

    public int Count => _count;

    /// <summary>Starts one that answers a request and its number, from 1.</summary>
    public static async Task<HookReceiver> StartAsync(Func<HttpContext, int, Task>? answer = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var receiver = new HookReceiver(app, answer ?? ((context, _) => context.Response.WriteAsync("Thank you")));
        app.Run(receiver.HandleAsync);
        await app.StartAsync();
        return receiver;
    }

    /// <summary>Answers with a status, and with 204 from a request on.</summary>
    public static Task<HookReceiver> FailingAsync(int status, int until = int.MaxValue) => StartAsync((context, number) =>
    {
        context.Response.StatusCode = number < until ? status : 204;
        return Task.CompletedTask;
    });

    public void Answer(Func<HttpContext, int, Task> answer) => _answer = answer;

    public async Task<ReceivedHook> NextAsync() => await _received.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TrackerApp.Patience);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task HandleAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var number = Interlocked.Increment(ref _count);
        _received.Writer.TryWrite(new(
            context.Request.Method, context.Request.Path, context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase), body.ToArray()));
        await _answer(context, number);
    }
}
