using Npgsql;
using Tracker.Storage.Database;

namespace Tracker.Storage.Webhooks;

/// <inheritdoc cref="IWebhooks" />
internal sealed class WebhooksService(TrackerDatabase database) : IWebhooks
{
    private const string Noun = "webhook";

    private const string Select =
        """
        SELECT h.id, h.owner_id, coalesce(u.user_name, ''), h.name, h.url, h.events, h.sweep_id, h.network, h.dataset, h.active, h.created_at,
          h.last_at, h.last_status, h.last_error, h.failing_since, h.paused_at
        FROM webhooks h JOIN users u ON u.id = h.owner_id
        """;

    private const string SelectDeliveries =
        """
        SELECT d.number, d.id, d.webhook_id, e.id, e.kind, e.at, e.data::text, d.state, d.due_at, d.ended_at
        FROM webhook_deliveries d JOIN webhook_events e ON e.id = d.event_id WHERE d.webhook_id = @webhook
        """;

    public async Task<IReadOnlyList<Webhook>> ListAsync(long? ownerId, CancellationToken cancellationToken) => await database.QueryAsync(
        $"{Select} WHERE @owner::bigint IS NULL OR h.owner_id = @owner ORDER BY lower(h.name), h.id", Read, cancellationToken, ("owner", ownerId));

    public async Task<Webhook?> FindAsync(long id, long? ownerId, CancellationToken cancellationToken) => (await database.QueryAsync(
        $"{Select} WHERE h.id = @id AND (@owner::bigint IS NULL OR h.owner_id = @owner)", Read, cancellationToken, ("id", id), ("owner", ownerId))).SingleOrDefault();

    public Task<long> AddAsync(long ownerId, WebhookSettings settings, string protectedSecret, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return database.TransactAsync(async session =>
        {
            // Whoever adds two at once does it one after the other.
            await session.ExecuteAsync("SELECT FROM users WHERE id = @owner FOR NO KEY UPDATE", ("owner", ownerId));
            var count = await session.FirstAsync("SELECT count(*) FROM webhooks WHERE owner_id = @owner", r => r.GetInt64(0), ("owner", ownerId));
            if (count >= IWebhooks.MostPerOwner) throw new InvalidOperationException($"You have {count} webhooks, and nobody has more than {IWebhooks.MostPerOwner}. Delete one first.");
            var id = await session.FirstAsync(
                """
                INSERT INTO webhooks (owner_id, name, url, secret, events, sweep_id, network, dataset, active)
                VALUES (@owner, @name, @url, @secret, @events, @sweep, @network, @dataset, @active) RETURNING id
                """,
                r => r.GetInt64(0), [("owner", ownerId), ("secret", protectedSecret), .. Columns(settings)]);
            await session.AuditAsync(new("webhook.create", Noun, id, settings.Name, After: Shown(settings)));
            return id;
        }, cancellationToken);
    }

    public Task<bool> ChangeAsync(
        long id, long? ownerId, Func<WebhookSettings, WebhookSettings> change, string? protectedSecret, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(change);
        return database.TransactAsync(async session =>
        {
            var found = await session.FirstAsync(
                $"{Select} WHERE h.id = @id AND (@owner::bigint IS NULL OR h.owner_id = @owner) FOR NO KEY UPDATE OF h", Read, ("id", id), ("owner", ownerId));
            if (found is null) return false;
            Precondition.Check(EditTag.OfWebhook(found.Settings));
            var after = change(found.Settings);
            var begins = after.Active && !found.Settings.Active;
            await session.ExecuteAsync(
                """
                UPDATE webhooks SET name = @name, url = @url, events = @events, sweep_id = @sweep, network = @network, dataset = @dataset, active = @active,
                  secret = coalesce(@secret, secret), failing_since = CASE WHEN NOT @begins THEN failing_since END, paused_at = CASE WHEN NOT @active THEN paused_at END
                WHERE id = @id
                """, [("id", id), ("secret", protectedSecret), ("begins", begins), .. Columns(after)]);
            await session.AuditAsync(new("webhook.change", Noun, id, after.Name, Shown(found.Settings), Shown(after, protectedSecret is not null)));
            if (begins) session.Changed(ChangeKind.Webhook, 0);
            return true;
        }, cancellationToken);
    }

    public Task<bool> DeleteAsync(long id, long? ownerId, CancellationToken cancellationToken) => database.TransactAsync(async session =>
    {
        var found = await session.FirstAsync(
            $"{Select} WHERE h.id = @id AND (@owner::bigint IS NULL OR h.owner_id = @owner) FOR UPDATE OF h", Read, ("id", id), ("owner", ownerId));
        if (found is null) return false;
        Precondition.Check(EditTag.OfWebhook(found.Settings));
        await session.ExecuteAsync("DELETE FROM webhooks WHERE id = @id", ("id", id));
        await session.AuditAsync(new("webhook.delete", Noun, id, found.Settings.Name, Before: Shown(found.Settings)));
        return true;
    }, cancellationToken);

    public Task<IReadOnlyList<Delivery>> DeliveriesAsync(long webhookId, int limit, long? before, CancellationToken cancellationToken) => ReadDeliveriesAsync(
        $"{SelectDeliveries} AND (@before::bigint IS NULL OR d.number < @before) ORDER BY d.number DESC LIMIT @limit", cancellationToken,
        ("webhook", webhookId), ("before", before), ("limit", limit));

    public async Task<Delivery?> FindDeliveryAsync(long webhookId, Guid delivery, CancellationToken cancellationToken) =>
        (await ReadDeliveriesAsync($"{SelectDeliveries} AND d.id = @id", cancellationToken, ("webhook", webhookId), ("id", delivery))).SingleOrDefault();

    public Task<bool> RetryAsync(long webhookId, Guid delivery, DateTimeOffset now, CancellationToken cancellationToken) => database.TransactAsync(async session =>
    {
        var changed = await session.ExecuteAsync(
            """
            UPDATE webhook_deliveries SET state = 'Waiting', due_at = @now, ended_at = NULL, tries_before = tries
            WHERE id = @id AND webhook_id = @webhook
            """, ("now", now), ("id", delivery), ("webhook", webhookId));
        if (changed == 0) return false;
        await session.AuditAsync(new("webhook.retry", Noun, webhookId, After: new { Delivery = delivery }));
        session.Changed(ChangeKind.Webhook, 0);
        return true;
    }, cancellationToken);

    private Task<IReadOnlyList<Delivery>> ReadDeliveriesAsync(string sql, CancellationToken cancellationToken, params (string Name, object? Value)[] parameters) =>
        database.ReadAsync<IReadOnlyList<Delivery>>(async session =>
        {
            var found = await session.QueryAsync(sql, ReadDelivery, parameters);
            if (found.Count == 0) return found;
            var attempts = (await session.QueryAsync(
                "SELECT delivery_id, try, at, milliseconds, status, error, response FROM webhook_attempts WHERE delivery_id = ANY(@ids) ORDER BY try DESC",
                r => (Delivery: r.GetGuid(0), Attempt: new DeliveryAttempt(
                    r.GetInt32(1), r.GetFieldValue<DateTimeOffset>(2), r.GetInt32(3), r.GetNullable<int>(4), r.GetOrDefault<string>(5), r.GetOrDefault<string>(6))),
                ("ids", found.Select(d => d.Id).ToArray()))).ToLookup(a => a.Delivery, a => a.Attempt);
            return [.. found.Select(d => d with { Attempts = [.. attempts[d.Id]] })];
        }, cancellationToken);

    private static Delivery ReadDelivery(NpgsqlDataReader r) => new(
        r.GetInt64(0), r.GetGuid(1), r.GetInt64(2), r.GetInt64(3), r.GetString(4), r.GetFieldValue<DateTimeOffset>(5), r.GetString(6),
        r.GetEnum<DeliveryState>(7), r.GetFieldValue<DateTimeOffset>(8), r.GetNullable<DateTimeOffset>(9), []);

    private static (string Name, object? Value)[] Columns(WebhookSettings settings) =>
    [
        ("name", settings.Name), ("url", settings.Url), ("events", settings.Events.ToArray()), ("sweep", settings.SweepId),
        ("network", settings.Network), ("dataset", settings.Dataset), ("active", settings.Active),
    ];

    /// <summary>What the audit log may show: many services put a secret into the path of their addresses.</summary>
    private static object Shown(WebhookSettings settings, bool newSecret = false) => new
    {
        settings.Name, Place = new Uri(settings.Url).GetLeftPart(UriPartial.Authority), settings.Events, settings.SweepId, settings.Network, settings.Dataset,
        settings.Active, NewSecret = newSecret ? true : (bool?)null,
    };

    private static Webhook Read(NpgsqlDataReader r) => new(
        r.GetInt64(0), r.GetInt64(1), r.GetString(2),
        new(r.GetString(3), r.GetString(4), r.GetFieldValue<string[]>(5), r.GetNullable<long>(6), r.GetOrDefault<string>(7), r.GetOrDefault<string>(8), r.GetBoolean(9)),
        r.GetFieldValue<DateTimeOffset>(10), r.GetNullable<DateTimeOffset>(11), r.GetNullable<int>(12), r.GetOrDefault<string>(13),
        r.GetNullable<DateTimeOffset>(14), r.GetNullable<DateTimeOffset>(15));
}
