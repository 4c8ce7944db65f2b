namespace Tracker.Storage;

/// <summary>What webhooks can ask to be told; these names are part of what is sent and stay the same for ever.</summary>
public static class WebhookEvents
{
    /// <summary>A run ended with a result.</summary>
    public const string RunFinished = "run.finished";

    /// <summary>A run ended without a result.</summary>
    public const string RunFailed = "run.failed";

    /// <summary>A run was cancelled.</summary>
    public const string RunCancelled = "run.cancelled";

    /// <summary>The last run of a sweep ended, and none of its runs failed.</summary>
    public const string SweepFinished = "sweep.finished";

    /// <summary>The last run of a sweep ended, and some of its runs failed.</summary>
    public const string SweepFailed = "sweep.failed";

    /// <summary>The number of results in a cell of a table, or their mean, changed.</summary>
    public const string TableChanged = "table.changed";

    /// <summary>Somebody wants to see whether a webhook works; nobody can ask for it otherwise.</summary>
    public const string Test = "webhook.test";

    /// <summary>All that can be asked for.</summary>
    public static IReadOnlyList<string> All { get; } = [RunFinished, RunFailed, RunCancelled, SweepFinished, SweepFailed, TableChanged];
}

/// <summary>What people say of a webhook.</summary>
/// <param name="Name">What it is for.</param>
/// <param name="Url">Where events are sent.</param>
/// <param name="Events">Some of <see cref="WebhookEvents.All"/>.</param>
/// <param name="SweepId">Only what concerns this sweep.</param>
/// <param name="Network">Only what concerns this network.</param>
/// <param name="Dataset">Only what concerns this data set.</param>
/// <param name="Active">Whether events are recorded and sent.</param>
public sealed record WebhookSettings(string Name, string Url, IReadOnlyList<string> Events, long? SweepId, string? Network, string? Dataset, bool Active);

/// <summary>A webhook.</summary>
/// <param name="Id">Its id.</param>
/// <param name="OwnerId">Who made it.</param>
/// <param name="OwnerName">Their name.</param>
/// <param name="Settings">What it asks for.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="LastAt">When something was last sent to it.</param>
/// <param name="LastStatus">What it answered then, if it did.</param>
/// <param name="LastError">What was wrong then, if anything was.</param>
/// <param name="FailingSince">Since when nothing has succeeded, if something failed since.</param>
/// <param name="PausedAt">When it was paused for failing too long.</param>
public sealed record Webhook(
    long Id, long OwnerId, string OwnerName, WebhookSettings Settings, DateTimeOffset CreatedAt,
    DateTimeOffset? LastAt, int? LastStatus, string? LastError, DateTimeOffset? FailingSince, DateTimeOffset? PausedAt);

/// <summary>What becomes of a delivery.</summary>
public enum DeliveryState
{
    /// <summary>It is sent now, or again when it is due.</summary>
    Waiting,

    /// <summary>The receiver confirmed it.</summary>
    Delivered,

    /// <summary>It is not sent again.</summary>
    GivenUp,
}

/// <summary>One try of a delivery.</summary>
/// <param name="Try">Its number, from 1.</param>
/// <param name="At">When it began.</param>
/// <param name="Milliseconds">How long it took.</param>
/// <param name="Status">What the receiver answered, if it did.</param>
/// <param name="Error">What was wrong, if anything was.</param>
/// <param name="Response">How the answer begins.</param>
public sealed record DeliveryAttempt(int Try, DateTimeOffset At, int Milliseconds, int? Status, string? Error, string? Response);

/// <summary>An event on its way to a webhook.</summary>
/// <param name="Number">Its place in the list: later ones have greater numbers.</param>
/// <param name="Id">Its id, the same at every try.</param>
/// <param name="WebhookId">Whom it is for.</param>
/// <param name="EventId">The event's number.</param>
/// <param name="Kind">The event's kind.</param>
/// <param name="At">When it happened.</param>
/// <param name="Data">What happened, in JSON.</param>
/// <param name="State">What has become of it.</param>
/// <param name="DueAt">When it is sent again, while it waits.</param>
/// <param name="EndedAt">When it was delivered or given up.</param>
/// <param name="Attempts">The tries so far, the latest first.</param>
public sealed record Delivery(
    long Number, Guid Id, long WebhookId, long EventId, string Kind, DateTimeOffset At, string Data,
    DeliveryState State, DateTimeOffset DueAt, DateTimeOffset? EndedAt, IReadOnlyList<DeliveryAttempt> Attempts);

/// <summary>Webhooks and what was sent to them. Where an owner is given, the webhooks of others are not there.</summary>
public interface IWebhooks
{
    /// <summary>The most webhooks that one user has.</summary>
    const int MostPerOwner = 50;

    /// <summary>All webhooks, or an owner's, by name.</summary>
    Task<IReadOnlyList<Webhook>> ListAsync(long? ownerId, CancellationToken cancellationToken);

    /// <summary>A webhook, or <see langword="null"/>.</summary>
    Task<Webhook?> FindAsync(long id, long? ownerId, CancellationToken cancellationToken);

    /// <summary>Adds a webhook.</summary>
    /// <returns>Its id.</returns>
    /// <exception cref="InvalidOperationException">The owner has <see cref="MostPerOwner"/>.</exception>
    Task<long> AddAsync(long ownerId, WebhookSettings settings, string protectedSecret, CancellationToken cancellationToken);

    /// <summary>Changes a webhook; one that becomes active begins without failures.</summary>
    /// <param name="id">Which.</param>
    /// <param name="ownerId">Whose, if it must be somebody's.</param>
    /// <param name="change">Answers what becomes of its present settings.</param>
    /// <param name="protectedSecret">Its new secret, if it gets one.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>False when there is none.</returns>
    Task<bool> ChangeAsync(long id, long? ownerId, Func<WebhookSettings, WebhookSettings> change, string? protectedSecret, CancellationToken cancellationToken);

    /// <summary>Deletes a webhook with all that waits for it.</summary>
    /// <returns>False when there is none.</returns>
    Task<bool> DeleteAsync(long id, long? ownerId, CancellationToken cancellationToken);

    /// <summary>What was and will be sent to a webhook, the latest first, with numbers below <paramref name="before"/> when given.</summary>
    Task<IReadOnlyList<Delivery>> DeliveriesAsync(long webhookId, int limit, long? before, CancellationToken cancellationToken);

    /// <summary>One of a webhook's deliveries, or <see langword="null"/>.</summary>
    Task<Delivery?> FindDeliveryAsync(long webhookId, Guid delivery, CancellationToken cancellationToken);

    /// <summary>Has a delivery sent again at once, and as often as a new one.</summary>
    /// <returns>False when there is none.</returns>
    Task<bool> RetryAsync(long webhookId, Guid delivery, DateTimeOffset now, CancellationToken cancellationToken);
}
