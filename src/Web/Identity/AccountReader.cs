using Npgsql;

namespace Tracker.Web.Identity;

/// <summary>Reads what decides about a user's requests, and notes that the user was here.</summary>
public sealed class AccountReader(NpgsqlDataSource database)
{
    public async Task<AccountState?> ReadAsync(long userId, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            WITH seen AS (
              UPDATE users SET last_seen_at = now()
              WHERE id = @user AND disabled_at IS NULL AND (last_seen_at IS NULL OR last_seen_at < now() - interval '1 minute')
            )
            SELECT user_name, role, security_stamp, disabled_at IS NOT NULL, service, must_change_password,
              ARRAY(SELECT replace(s.id::text, '-', '') FROM ended_sessions s WHERE s.user_id = @user)
            FROM users WHERE id = @user
            """);
        command.Parameters.AddWithValue("user", userId);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new(userId, reader.GetString(0), reader.GetString(1), reader.IsDBNull(2) ? null : reader.GetString(2), reader.GetBoolean(3), reader.GetBoolean(4), reader.GetBoolean(5))
            {
                EndedSessions = reader.GetFieldValue<string[]>(6),
            }
            : null;
    }
}
