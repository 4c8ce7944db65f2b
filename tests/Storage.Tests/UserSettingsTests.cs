using Npgsql;

namespace Tracker.Storage.Tests;

/// <summary>Small texts that each user keeps.</summary>
public class UserSettingsTests(StorageFixture storage) : IClassFixture<StorageFixture>
{
    private readonly IUserSettings _settings = storage.Get<IUserSettings>();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_setting_is_kept_replaced_and_forgotten_for_its_user_alone()
    {
        var (one, other) = (await UserAsync("one"), await UserAsync("other"));
        (await _settings.GetAsync(one, "first-steps", Token)).ShouldBeNull();

        await _settings.SetAsync(one, "first-steps", "seen", Token);
        await _settings.SetAsync(one, "first-steps", "closed", Token);
        (await _settings.GetAsync(one, "first-steps", Token)).ShouldBe("closed");
        (await _settings.GetAsync(one, "columns", Token)).ShouldBeNull();
        (await _settings.GetAsync(other, "first-steps", Token)).ShouldBeNull();

        await _settings.SetAsync(one, "first-steps", null, Token);
        (await _settings.GetAsync(one, "first-steps", Token)).ShouldBeNull();
    }

    [Fact]
    public async Task A_setting_goes_with_its_user()
    {
        var user = await UserAsync("leaver");
        await _settings.SetAsync(user, "first-steps", "closed", Token);
        await using var delete = storage.DataSource.CreateCommand("DELETE FROM users WHERE id = $1");
        delete.Parameters.Add(new NpgsqlParameter { Value = user });
        await delete.ExecuteNonQueryAsync(Token);
        (await _settings.GetAsync(user, "first-steps", Token)).ShouldBeNull();
    }

    private async Task<long> UserAsync(string name)
    {
        await using var insert = storage.DataSource.CreateCommand("INSERT INTO users (user_name, normalized_user_name) VALUES ($1, upper($1)) RETURNING id");
        insert.Parameters.Add(new NpgsqlParameter { Value = name });
        return (long)(await insert.ExecuteScalarAsync(Token))!;
    }
}
