using Tracker.Storage.Database;

namespace Tracker.Storage.Accounts;

/// <inheritdoc cref="IOwnership" />
internal sealed class Ownership(TrackerDatabase database) : IOwnership
{
    public Task<long?> OfSweepAsync(long sweepId, CancellationToken cancellationToken) => OfAsync("SELECT owner_id FROM sweeps WHERE id = @id", sweepId, cancellationToken);

    public Task<long?> OfRunAsync(long runId, CancellationToken cancellationToken) => OfAsync("SELECT owner_id FROM runs WHERE id = @id", runId, cancellationToken);

    private async Task<long?> OfAsync(string sql, long id, CancellationToken cancellationToken) =>
        (await database.QueryAsync(sql, r => r.GetNullable<long>(0), cancellationToken, ("id", id))).FirstOrDefault();
}
