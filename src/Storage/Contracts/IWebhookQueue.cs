namespace Tracker.Storage;

/// <summary>A delivery that this process is to send now.</summary>
/// <param name="Id">Its id, the same at every try.</param>
/// <param name="WebhookId">Whom it is for.</param>
/// <param name="Url">Where it goes.</param>
/// <param name="ProtectedSecret">What it is signed with, encrypted.</param>
/// <param name="EventId">The event's number.</param>
/// <param name="Kind">The event's kind.</param>
/// <param name="At">When it happened.</param>
/// <param name="Data">What happened, in JSON.</param>
/// <param name="Try">The number of this try, from 1.</param>
/// <param name="Round">The same since somebody last asked for the delivery.</param>
public sealed record DueDelivery(
    Guid Id, long WebhookId, string Url, string ProtectedSecret, long EventId, string Kind, DateTimeOffset At, string Data, int Try, int Round);

/// <summary>The deliveries that wait, for the process that sends them.</summary>
public interface IWebhookQueue
{
    /// <summary>
    /// Takes what is due: at most <paramref name="perWebhook"/> deliveries of each active webhook, and <paramref name="most"/> in all. Who takes
    /// them says within <paramref name="lease"/> what became of them; otherwise they are due again, so that a process that dies loses none.
    /// </summary>
    /// <param name="now">What is due by then.</param>
    /// <param name="lease">How long a try may take.</param>
    /// <param name="busy">Webhooks to leave out.</param>
    /// <param name="perWebhook">The most of one webhook.</param>
    /// <param name="most">The most in all.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task<IReadOnlyList<DueDelivery>> TakeAsync(
        DateTimeOffset now, TimeSpan lease, IReadOnlyCollection<long> busy, int perWebhook, int most, CancellationToken cancellationToken);

    /// <summary>Makes a test event for a webhook, active or not, and takes its delivery; it is tried once.</summary>
    /// <returns><see langword="null"/> when there is no such webhook.</returns>
    Task<DueDelivery?> TakeTestAsync(long webhookId, DateTimeOffset now, TimeSpan lease, CancellationToken cancellationToken);

    /// <summary>Records what became of a try. When another has begun since, only the try itself is recorded.</summary>
    /// <param name="delivery">The delivery.</param>
    /// <param name="attempt">The try; it succeeded if it has no error.</param>
    /// <param name="nextAt">When it is tried again if it failed; <see langword="null"/> gives it up.</param>
    /// <param name="patience">A webhook that has failed for longer than this is paused.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>Whether the webhook was paused.</returns>
    Task<bool> RecordAsync(DueDelivery delivery, DeliveryAttempt attempt, DateTimeOffset? nextAt, TimeSpan patience, CancellationToken cancellationToken);

    /// <summary>Removes events from before a time that nobody waits for any more, with all that was sent of them.</summary>
    /// <returns>How many.</returns>
    Task<int> ForgetAsync(DateTimeOffset before, CancellationToken cancellationToken);
}
