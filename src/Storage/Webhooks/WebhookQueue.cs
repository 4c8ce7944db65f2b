using Npgsql;
using Tracker.Storage.Database;

namespace Tracker.Storage.Webhooks;

/// <inheritdoc cref="IWebhookQueue" />
internal sealed class WebhookQueue(TrackerDatabase database) : IWebhookQueue
{
    private const string Columns = "d.id, d.webhook_id, h.url, h.secret, e.id, e.kind, e.at, e.data::text, d.tries, d.tries - d.tries_before";

    public async Task<IReadOnlyList<DueDelivery>> TakeAsync(
        DateTimeOffset now, TimeSpan lease, IReadOnlyCollection<long> busy, int perWebhook, int most, CancellationToken cancellationToken) =>
        await database.QueryAsync(
            // What nobody has tried yet is due whatever the clocks of the two machines say.
            $"""
            WITH due AS MATERIALIZED (
              SELECT waiting.id FROM webhooks h JOIN users u ON u.id = h.owner_id
              CROSS JOIN LATERAL (
                SELECT w.id FROM webhook_deliveries w
                WHERE w.webhook_id = h.id AND w.state = 'Waiting' AND (w.tries = 0 OR w.due_at <= @now)
                ORDER BY w.due_at LIMIT @each FOR NO KEY UPDATE SKIP LOCKED) waiting
              WHERE h.active AND u.disabled_at IS NULL AND u.role <> 'viewer' AND h.id <> ALL(@busy)
              LIMIT @most
            )
            UPDATE webhook_deliveries d SET tries = d.tries + 1, due_at = @until
            FROM due, webhooks h, webhook_events e
            WHERE d.id = due.id AND h.id = d.webhook_id AND e.id = d.event_id
            RETURNING {Columns}
            """, Read, cancellationToken,
            ("now", now), ("until", now + lease), ("busy", busy.ToArray()), ("each", perWebhook), ("most", most));

    public Task<DueDelivery?> TakeTestAsync(long webhookId, DateTimeOffset now, TimeSpan lease, CancellationToken cancellationToken) => database.TransactAsync(async session =>
    {
        if (await session.FirstAsync("SELECT name FROM webhooks WHERE id = @webhook FOR KEY SHARE", r => r.GetString(0), ("webhook", webhookId)) is not { } name) return null;
        var delivery = await session.FirstAsync(
            """
            WITH event AS (
              INSERT INTO webhook_events (kind, at, data)
              VALUES (@kind, @now, jsonb_build_object('webhook', jsonb_build_object('id', @webhook, 'name', @name))) RETURNING id)
            INSERT INTO webhook_deliveries (webhook_id, event_id, tries, due_at) SELECT @webhook, event.id, 1, @until FROM event RETURNING id
            """, r => r.GetGuid(0), ("kind", WebhookEvents.Test), ("now", now), ("webhook", webhookId), ("name", name), ("until", now + lease));
        await session.AuditAsync(new("webhook.test", "webhook", webhookId, name));
        return await session.FirstAsync(
            $"SELECT {Columns} FROM webhook_deliveries d JOIN webhooks h ON h.id = d.webhook_id JOIN webhook_events e ON e.id = d.event_id WHERE d.id = @id",
            Read, ("id", delivery));
    }, cancellationToken);

    public Task<bool> RecordAsync(DueDelivery delivery, DeliveryAttempt attempt, DateTimeOffset? nextAt, TimeSpan patience, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(delivery);
        ArgumentNullException.ThrowIfNull(attempt);
        return database.TransactAsync(async session =>
        {
            // The hook first, as whoever deletes it does: its deliveries go with it.
            var hook = await session.FirstAsync(
                "SELECT name, active, failing_since FROM webhooks WHERE id = @webhook FOR NO KEY UPDATE",
                r => new { Name = r.GetString(0), Active = r.GetBoolean(1), FailingSince = r.GetNullable<DateTimeOffset>(2) }, ("webhook", delivery.WebhookId));
            if (hook is null) return false;
            await RecordAttemptAsync(session, delivery, attempt, nextAt);
            DateTimeOffset? failingSince = attempt.Error is null ? null : hook.FailingSince ?? attempt.At;
            var pauses = hook.Active && failingSince is { } since && attempt.At - since > patience;
            await session.ExecuteAsync(
                """
                UPDATE webhooks SET last_at = @at, last_status = @status, last_error = @error, failing_since = @since,
                  active = active AND NOT @pauses, paused_at = CASE WHEN @pauses THEN @at ELSE paused_at END
                WHERE id = @webhook
                """,
                ("at", attempt.At), ("status", attempt.Status), ("error", attempt.Error), ("since", failingSince), ("pauses", pauses), ("webhook", delivery.WebhookId));
            if (pauses) await session.AuditAsync(new("webhook.pause", "webhook", delivery.WebhookId, hook.Name, After: new { FailingSince = failingSince, attempt.Error }));
            return pauses;
        }, cancellationToken);
    }

    public Task<int> ForgetAsync(DateTimeOffset before, CancellationToken cancellationToken) => database.TransactAsync(session => session.ExecuteAsync(
        """
        DELETE FROM webhook_events e WHERE e.at < @before
          AND NOT EXISTS (SELECT FROM webhook_deliveries d WHERE d.event_id = e.id AND d.state = 'Waiting')
        """, ("before", before)), cancellationToken);

    private static async Task RecordAttemptAsync(DbSession session, DueDelivery delivery, DeliveryAttempt attempt, DateTimeOffset? nextAt)
    {
        await session.ExecuteAsync(
            """
            INSERT INTO webhook_attempts (delivery_id, try, at, milliseconds, status, error, response)
            VALUES (@id, @try, @at, @milliseconds, @status, @error, @response)
            """,
            ("id", delivery.Id), ("try", attempt.Try), ("at", attempt.At), ("milliseconds", attempt.Milliseconds), ("status", attempt.Status),
            ("error", attempt.Error), ("response", attempt.Response));
        var state = attempt.Error is null ? DeliveryState.Delivered : nextAt is null ? DeliveryState.GivenUp : DeliveryState.Waiting;
        await session.ExecuteAsync(
            """
            UPDATE webhook_deliveries SET state = @state, due_at = coalesce(@next, due_at), ended_at = CASE WHEN @state <> 'Waiting' THEN @at END
            WHERE id = @id AND tries = @try
            """,
            ("state", state.ToString()), ("next", nextAt), ("at", attempt.At), ("id", delivery.Id), ("try", delivery.Try));
    }

    private static DueDelivery Read(NpgsqlDataReader r) => new(
        r.GetGuid(0), r.GetInt64(1), r.GetString(2), r.GetString(3), r.GetInt64(4), r.GetString(5), r.GetFieldValue<DateTimeOffset>(6), r.GetString(7),
        r.GetInt32(8), r.GetInt32(9));
}
