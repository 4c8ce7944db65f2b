using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Tracker.Storage;
using Tracker.Web.Webhooks;

namespace Tracker.Web.Tests.Webhooks;

/// <summary>One delivery over a real connection.</summary>
public sealed class WebhookSenderTests : IDisposable
{
    private const string Secret = "a secret that both sides know";
    private readonly WebhookSecrets _secrets = new(new EphemeralDataProtectionProvider());
    private readonly Names _names = new();
    private readonly WebhookConnection _connection;
    private readonly WebhookSender _sender;

    public WebhookSenderTests()
    {
        _connection = new(_names, WebhookAddresses.Parse("127.0.0.1", []));
        _sender = new(_connection, _secrets, new(null), TimeProvider.System);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _connection.Dispose();

    [Fact]
    public async Task What_is_sent_is_signed_and_says_what_it_is()
    {
        await using var receiver = await HookReceiver.StartAsync();
        var delivery = To(receiver.Url);
        var attempt = await _sender.SendAsync(delivery, Token);
        (attempt.Status, attempt.Error, attempt.Response, attempt.Try).ShouldBe((200, null, "Thank you", 1));

        var received = await receiver.NextAsync();
        received.Method.ShouldBe("POST");
        received.Headers["Content-Type"].ShouldBe("application/json; charset=utf-8");
        received.Headers["X-Tracker-Event"].ShouldBe("run.finished");
        received.Headers["X-Tracker-Delivery"].ShouldBe(delivery.Id.ToString());
        received.Headers.ContainsKey("traceparent").ShouldBeFalse();
        received.Json.Text("type").ShouldBe("run.finished");
        received.Json.GetProperty("id").GetGuid().ShouldBe(delivery.Id);
        received.Json.GetProperty("data").GetProperty("run").GetProperty("id").GetInt64().ShouldBe(7);

        // As docs/webhooks.md tells receivers to.
        var timestamp = received.Headers["X-Tracker-Timestamp"];
        var expected = HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.UTF8.GetBytes($"{timestamp}.{received.Text}"));
        received.Headers["X-Tracker-Signature"].ShouldBe("sha256=" + Convert.ToHexStringLower(expected));
        DateTimeOffset.FromUnixTimeSeconds(long.Parse(timestamp, CultureInfo.InvariantCulture)).ShouldBe(DateTimeOffset.UtcNow, TimeSpan.FromMinutes(1));
    }

    [Theory]
    [InlineData(null, "/runs/7", "/tables")]
    [InlineData("https://tracker.example.org", "https://tracker.example.org/runs/7", "https://tracker.example.org/tables")]
    [InlineData("https://example.org/tracker/", "https://example.org/tracker/runs/7", "https://example.org/tracker/tables")]
    public async Task Links_are_whole_addresses_where_an_operator_has_said_which(string? server, string run, string page)
    {
        await using var receiver = await HookReceiver.StartAsync();
        var sender = new WebhookSender(_connection, _secrets, new(server is null ? null : new(server)), TimeProvider.System);
        var delivery = To(receiver.Url) with { Data = """{"run":{"id":7,"title":"/api","page":"/runs/7","api":"/api/v1/runs/7"},"page":"/tables","n":0.10}""" };
        (await sender.SendAsync(delivery, Token)).Error.ShouldBeNull();

        var received = await receiver.NextAsync();
        received.Text.ShouldContain("\"n\":0.10");
        var data = received.Json.GetProperty("data");
        (data.GetProperty("run").Text("page"), data.GetProperty("run").Text("title"), data.Text("page")).ShouldBe((run, "/api", page));
        data.GetProperty("run").Text("api").ShouldNotBeNull().ShouldEndWith("/api/v1/runs/7");
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        await using var other = await HookReceiver.StartAsync();
        await using var receiver = await HookReceiver.StartAsync((context, _) =>
        {
            context.Response.Redirect(other.Url, permanent: false, preserveMethod: true);
            return Task.CompletedTask;
        });
        var attempt = await _sender.SendAsync(To(receiver.Url), Token);
        attempt.Status.ShouldBe(307);
        attempt.Error.ShouldNotBeNull().ShouldContain("redirect");
        other.Count.ShouldBe(0);
    }

    [Fact]
    public async Task A_receiver_that_does_not_answer_in_time_has_failed()
    {
        using var connection = new WebhookConnection(_names, WebhookAddresses.Parse("127.0.0.1", [])) { Patience = TimeSpan.FromMilliseconds(300) };
        var forever = new TaskCompletionSource();
        await using var receiver = await HookReceiver.StartAsync((context, _) => forever.Task.WaitAsync(context.RequestAborted));
        var attempt = await new WebhookSender(connection, _secrets, new(null), TimeProvider.System).SendAsync(To(receiver.Url), Token);
        attempt.Status.ShouldBeNull();
        attempt.Error.ShouldBe("No answer within 0.3 seconds.");
    }

    [Fact]
    public async Task Of_a_long_answer_only_the_beginning_is_read()
    {
        await using var receiver = await HookReceiver.StartAsync(async (context, _) =>
        {
            context.Response.StatusCode = 500;
            await context.Response.WriteAsync("Broken\0\u001b[31m" + new string('x', 10_000_000), context.RequestAborted);
        });
        var attempt = await _sender.SendAsync(To(receiver.Url), Token);
        attempt.Error.ShouldBe("It answered 500.");
        var response = attempt.Response.ShouldNotBeNull();
        response.ShouldStartWith("Broken[31mxxx");
        response.Length.ShouldBeInRange(1000, 1024);
    }

    [Fact]
    public async Task A_name_that_resolves_to_another_address_when_it_is_connected_to_is_refused()
    {
        await using var receiver = await HookReceiver.StartAsync();
        var urls = new WebhookUrls(_names, WebhookAddresses.Parse("127.0.0.1", []));
        var url = $"http://rebinding.example:{receiver.Port}/";
        _names["rebinding.example"] = ["93.184.215.14"];
        (await urls.FaultAsync(url, Token)).ShouldBeNull();

        foreach (var address in (string[])["127.0.0.2", "10.0.0.1", "::1", "::ffff:127.0.0.2", "169.254.169.254"])
        {
            _names["rebinding.example"] = [address];
            var attempt = await _sender.SendAsync(To(url), Token);
            attempt.Status.ShouldBeNull();
            attempt.Error.ShouldNotBeNull().ShouldContain("no public address", customMessage: address);
        }
        receiver.Count.ShouldBe(0);

        _names["rebinding.example"] = ["127.0.0.1"];
        (await _sender.SendAsync(To(url), Token)).Error.ShouldBeNull();
    }

    [Theory]
    [InlineData("http://10.0.0.1/", "no public address")]
    [InlineData("http://[::1]:8080/", "no public address")]
    [InlineData("http://2130706434/", "no public address")]
    [InlineData("http://0x7f.2/", "no public address")]
    [InlineData("http://localhost.example/", "no public address")]
    [InlineData("ftp://example.org/", "https://")]
    [InlineData("file:///etc/passwd", "https://")]
    [InlineData("/hook", "https://")]
    [InlineData("https://user:password@example.org/", "name and password")]
    public async Task An_address_that_cannot_be_sent_to_is_refused_when_the_webhook_is_made(string url, string reason)
    {
        _names["localhost.example"] = ["127.0.0.2"];
        (await new WebhookUrls(_names, WebhookAddresses.Parse("127.0.0.1", [])).FaultAsync(url, Token)).ShouldNotBeNull().ShouldContain(reason);
    }

    [Fact]
    public async Task Nobody_listening_is_a_failure_with_a_reason()
    {
        var receiver = await HookReceiver.StartAsync();
        var url = receiver.Url;
        await receiver.DisposeAsync();
        var attempt = await _sender.SendAsync(To(url), Token);
        attempt.Error.ShouldNotBeNull().ShouldContain("refused");
        (await _sender.SendAsync(To("http://nowhere.example/"), Token)).Error.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_secret_whose_key_is_gone_is_told()
    {
        await using var receiver = await HookReceiver.StartAsync();
        var foreign = new WebhookSecrets(new EphemeralDataProtectionProvider()).Protect(Secret);
        var attempt = await _sender.SendAsync(To(receiver.Url) with { ProtectedSecret = foreign }, Token);
        attempt.Error.ShouldNotBeNull().ShouldContain("new secret");
        receiver.Count.ShouldBe(0);
    }

    private DueDelivery To(string url) => new(
        Guid.NewGuid(), 3, url, _secrets.Protect(Secret), 5, WebhookEvents.RunFinished, DateTimeOffset.UnixEpoch, """{"run":{"id":7,"title":"<b>ü</b>"}}""", 1, 1);

    /// <summary>Names as a test wants them; addresses are themselves.</summary>
    private sealed class Names : Dictionary<string, IReadOnlyList<string>>, IHostNames
    {
        public Task<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken) =>
            IPAddress.TryParse(host, out var address) ? Task.FromResult<IReadOnlyList<IPAddress>>([address])
            : TryGetValue(host, out var found) ? Task.FromResult<IReadOnlyList<IPAddress>>([.. found.Select(IPAddress.Parse)])
            : throw new SocketException((int)SocketError.HostNotFound);
    }
}
