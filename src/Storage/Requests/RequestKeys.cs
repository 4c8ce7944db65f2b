using Npgsql;
using Tracker.Storage.Database;

namespace Tracker.Storage.Requests;

/// <inheritdoc cref="IRequestKeys" />
internal sealed class RequestKeys(TrackerDatabase database) : IRequestKeys
{
    /// <summary>Keys that a claim takes out at most, so that no request pays for all that were left.</summary>
    private const int PrunedAtOnce = 100;

    private sealed record Row(byte[] Request, bool Overdue, DateTimeOffset? ChangedAt, string? Kind, long? Id, KeptAnswer? Answer);

    public async Task<FoundKey> ClaimAsync(long userId, string key, byte[] request, CancellationToken cancellationToken)
    {
        await PruneAsync(cancellationToken);
        var claim = new RequestClaim(userId, key, Guid.NewGuid());
        var claimed = await database.QueryAsync(
            """
            INSERT INTO request_keys AS k (user_id, key, request, claim, expires_at) VALUES (@user, @key, @request, @claim, now() + @kept)
            ON CONFLICT (user_id, key) DO UPDATE SET
              request = excluded.request, claim = excluded.claim, claimed_at = now(), expires_at = excluded.expires_at,
              changed_at = NULL, object_kind = NULL, object_id = NULL, status = NULL, content_type = NULL, location = NULL, etag = NULL, body = NULL
            WHERE k.expires_at < now() OR (k.changed_at IS NULL AND k.claimed_at < now() - @lease)
            RETURNING claim
            """,
            r => r.GetGuid(0), cancellationToken,
            ("user", userId), ("key", key), ("request", request), ("claim", claim.Id), ("kept", IRequestKeys.Kept), ("lease", IRequestKeys.Lease));
        if (claimed.Count > 0) return new(KeyState.Claimed, claim);
        var found = (await database.QueryAsync(
            """
            SELECT request, claimed_at < now() - @lease, changed_at, object_kind, object_id, status, content_type, location, etag, body
            FROM request_keys WHERE user_id = @user AND key = @key
            """, Read, cancellationToken, ("user", userId), ("key", key), ("lease", IRequestKeys.Lease))).FirstOrDefault();
        // Gone again: whoever had it was refused just now, and the next try will get it.
        if (found is null) return new(KeyState.Busy);
        if (!found.Request.AsSpan().SequenceEqual(request)) return new(KeyState.Other);
        if (found.Answer is { } answer) return new(KeyState.Answered, Answer: answer);
        return found is { ChangedAt: not null, Overdue: true }
            ? new(KeyState.AnswerLost, Changed: found.Kind is null ? null : $"{found.Kind} {found.Id}".TrimEnd())
            : new(KeyState.Busy);
    }

    public Task EndAsync(RequestClaim claim, KeptAnswer? answer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(claim);
        return database.TransactAsync(async session =>
        {
            // Waits for the transaction of the change where that is still about to end, after a client that went away.
            await session.ExecuteAsync(
                "DELETE FROM request_keys WHERE user_id = @user AND key = @key AND claim = @claim AND changed_at IS NULL",
                ("user", claim.UserId), ("key", claim.Key), ("claim", claim.Id));
            await session.ExecuteAsync(
                """
                UPDATE request_keys SET status = @status::integer, content_type = @type::text, location = @location::text, etag = @etag::text, body = @body,
                  claimed_at = CASE WHEN @status::integer IS NULL THEN '-infinity'::timestamptz ELSE claimed_at END
                WHERE user_id = @user AND key = @key AND claim = @claim
                """,
                ("user", claim.UserId), ("key", claim.Key), ("claim", claim.Id), ("status", answer?.Status), ("type", answer?.ContentType),
                ("location", answer?.Location), ("etag", answer?.ETag), ("body", answer?.Body ?? []));
        }, cancellationToken);
    }

    /// <summary>
    /// Marks the key of <see cref="RequestClaim.Current"/> in the transaction of its change, which fails when another execution has the key by now:
    /// after a crash, or after a request that took too long.
    /// </summary>
    internal static async Task MarkAsync(AuditEntry entry, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (RequestClaim.Current is not { } claim) return;
        await using var command = new NpgsqlCommand(
            """
            UPDATE request_keys SET changed_at = now(), object_kind = coalesce(object_kind, @kind), object_id = coalesce(object_id, @id::bigint)
            WHERE user_id = @user AND key = @key AND claim = @claim
            """, connection);
        command.AddParameters([("kind", entry.ObjectKind), ("id", entry.ObjectId), ("user", claim.UserId), ("key", claim.Key), ("claim", claim.Id)]);
        if (await command.ExecuteNonQueryAsync(cancellationToken) == 0)
            throw new TimeoutException("The request took so long that another one with its key went ahead.");
    }

    private Task<int> PruneAsync(CancellationToken cancellationToken) => database.TransactAsync(session => session.ExecuteAsync(
        """
        DELETE FROM request_keys WHERE (user_id, key) IN (
          SELECT user_id, key FROM request_keys WHERE expires_at < now() ORDER BY expires_at LIMIT @most FOR UPDATE SKIP LOCKED)
        """, ("most", PrunedAtOnce)), cancellationToken);

    private static Row Read(NpgsqlDataReader r) => new(
        r.GetFieldValue<byte[]>(0), r.GetBoolean(1), r.GetNullable<DateTimeOffset>(2), r.GetOrDefault<string>(3), r.GetNullable<long>(4),
        r.GetNullable<int>(5) is { } status
            ? new(status, r.GetOrDefault<string>(6), r.GetOrDefault<string>(7), r.GetOrDefault<string>(8), r.GetOrDefault<byte[]>(9) ?? [])
            : null);
}
