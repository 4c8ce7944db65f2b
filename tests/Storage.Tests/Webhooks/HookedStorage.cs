using System.Text.Json;

namespace Tracker.Storage.Tests.Webhooks;

/// <summary>Webhooks on a database, and what they are told.</summary>
internal sealed class HookedStorage(StorageFixture storage)
{
    public IWebhooks Webhooks { get; } = storage.Get<IWebhooks>();

    public IWebhookQueue Queue { get; } = storage.Get<IWebhookQueue>();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async Task<long> UserAsync()
    {
        await using var command = storage.DataSource.CreateCommand("INSERT INTO users (user_name, normalized_user_name) VALUES ($1, upper($1)) RETURNING id");
        command.Parameters.Add(new() { Value = $"user-{Guid.NewGuid():N}" });
        return (long)(await command.ExecuteScalarAsync(Token)).ShouldNotBeNull();
    }

    /// <summary>A webhook for one sweep, so that what other tests do is not told to it; every user has their own.</summary>
    public async Task<long> HookAsync(IReadOnlyList<string> events, long? sweep, string? network = null, long? owner = null, bool active = true) =>
        await Webhooks.AddAsync(owner ?? await UserAsync(), new("Hook", "https://example.org/hook", events, sweep, network, null, active), "secret", Token);

    /// <summary>What a webhook was told, the first first.</summary>
    public async Task<IReadOnlyList<(string Kind, JsonElement Data)>> ToldAsync(long hook) =>
        [.. (await Webhooks.DeliveriesAsync(hook, 100, null, Token)).Reverse().Select(d => (d.Kind, JsonElement.Parse(d.Data)))];

    public async Task<IReadOnlyList<string>> KindsAsync(long hook) => [.. (await ToldAsync(hook)).Select(t => t.Kind)];

    public async Task ExecuteAsync(string sql, params object[] values)
    {
        await using var command = storage.DataSource.CreateCommand(sql);
        foreach (var value in values) command.Parameters.Add(new() { Value = value });
        await command.ExecuteNonQueryAsync(Token);
    }

    public async Task FailAsync(long run, long host)
    {
        var attempt = await storage.StartAsync(run, host);
        await storage.Attempts.EndAsync(run, attempt.Attempt, new(AttemptOutcome.Failed, 1, null, "It broke.", Domain.FailureKind.BadData), Token);
    }
}
