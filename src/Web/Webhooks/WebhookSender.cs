using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Tracker.Storage;

namespace Tracker.Web.Webhooks;

/// <summary>Sends a delivery once, signed, and says what became of it.</summary>
public sealed class WebhookSender(WebhookConnection connection, WebhookSecrets secrets, WebhookLinks links, TimeProvider clock)
{
    private const int ResponseBytes = 1024;
    private const int MaxError = 500;
    private static readonly JsonWriterOptions s_json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public async Task<DeliveryAttempt> SendAsync(DueDelivery delivery, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(delivery);
        var (at, started) = (clock.GetUtcNow(), Stopwatch.GetTimestamp());
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(connection.Patience);
        var outcome = new Outcome(null, null, null);
        try
        {
            outcome = await ExchangeAsync(delivery, at, patience.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            outcome = new(null, string.Create(CultureInfo.InvariantCulture, $"No answer within {connection.Patience.TotalSeconds:0.#} seconds."), null);
        }
        catch (Exception e) when (Explain(e) is { } reason)
        {
            outcome = new(null, reason, null);
        }
        return new(delivery.Try, at, (int)Stopwatch.GetElapsedTime(started).TotalMilliseconds, outcome.Status, outcome.Error, outcome.Response);
    }

    /// <summary>What is sent, of a delivery whose links are complete: the same bytes at every try.</summary>
    public static byte[] Body(DueDelivery delivery) => Body(delivery.Id, delivery.EventId, delivery.Kind, delivery.At, delivery.WebhookId, delivery.Data);

    /// <inheritdoc cref="Body(DueDelivery)" />
    public static byte[] Body(Delivery delivery) => Body(delivery.Id, delivery.EventId, delivery.Kind, delivery.At, delivery.WebhookId, delivery.Data);

    private static byte[] Body(Guid id, long eventId, string kind, DateTimeOffset at, long webhookId, string data)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, s_json))
        {
            writer.WriteStartObject();
            writer.WriteString("id", id);
            writer.WriteString("type", kind);
            writer.WriteNumber("event", eventId);
            writer.WriteString("at", at.UtcDateTime);
            writer.WriteNumber("webhook", webhookId);
            writer.WritePropertyName("data");
            using var document = JsonDocument.Parse(data);
            document.RootElement.WriteTo(writer);
            writer.WriteEndObject();
        }
        return buffer.ToArray();
    }

    private async Task<Outcome> ExchangeAsync(DueDelivery delivery, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var (body, timestamp) = (Body(links.Complete(delivery)), at.ToUnixTimeSeconds());
        using var request = new HttpRequestMessage(HttpMethod.Post, delivery.Url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json") { CharSet = "utf-8" };
        request.Headers.UserAgent.ParseAdd("Tracker-Webhooks/1");
        request.Headers.Add(WebhookHeaders.Event, delivery.Kind);
        request.Headers.Add(WebhookHeaders.Delivery, delivery.Id.ToString());
        request.Headers.Add(WebhookHeaders.Timestamp, timestamp.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add(WebhookHeaders.Signature, WebhookSecrets.Sign(secrets.Unprotect(delivery.ProtectedSecret), timestamp, body));
        using var response = await connection.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        var status = (int)response.StatusCode;
        var error = status switch
        {
            >= 200 and < 300 => null,
            >= 300 and < 400 => $"It answered {status}, a redirect; these are not followed.",
            _ => $"It answered {status}.",
        };
        return new(status, error, await BeginningAsync(response, cancellationToken));
    }

    private static async Task<string?> BeginningAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var buffer = new byte[ResponseBytes];
        var length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        var text = string.Concat(Encoding.UTF8.GetString(buffer, 0, length).Where(c => !char.IsControl(c) || c is '\n' or '\t'));
        return text.Length == 0 ? null : text;
    }

    /// <summary>What is said of faults that lie in the address, the network or the receiver; others are ours, and are thrown on.</summary>
    private static string? Explain(Exception exception)
    {
        var text = exception switch
        {
            HttpRequestException { InnerException: WebhookRefusedException refused } => refused.Message,
            WebhookRefusedException refused => refused.Message,
            HttpRequestException { InnerException: SocketException socket } => $"{socket.Message}.",
            HttpRequestException or SocketException or IOException => exception.GetBaseException().Message,
            CryptographicException => "The secret cannot be read, because the keys of this server were changed. Give the webhook a new secret.",
            _ => null,
        };
        return text is { Length: > MaxError } ? text[..MaxError] : text;
    }

    private sealed record Outcome(int? Status, string? Error, string? Response);
}
