using Tracker.Storage.Database;

namespace Tracker.Storage.Accounts;

/// <inheritdoc cref="IUserSettings" />
internal sealed class UserSettings(TrackerDatabase database) : IUserSettings
{
    public async Task<string?> GetAsync(long userId, string key, CancellationToken cancellationToken) =>
        (await database.QueryAsync(
            "SELECT value FROM user_settings WHERE user_id = @user AND key = @key", r => r.GetString(0), cancellationToken, ("user", userId), ("key", key))).FirstOrDefault();

    public Task SetAsync(long userId, string key, string? value, CancellationToken cancellationToken) => database.TransactAsync(
        session => value is null
            ? session.ExecuteAsync("DELETE FROM user_settings WHERE user_id = @user AND key = @key", ("user", userId), ("key", key))
            : session.ExecuteAsync(
                "INSERT INTO user_settings (user_id, key, value) VALUES (@user, @key, @value) ON CONFLICT (user_id, key) DO UPDATE SET value = excluded.value",
                ("user", userId), ("key", key), ("value", value)),
        cancellationToken);
}
