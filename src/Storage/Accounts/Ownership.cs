using Tracker.Storage.Database;

namespace Tracker.Storage.Accounts;

/// <inheritdoc cref="IOwnership" />
internal sealed class Ownership(TrackerDatabase database) : IOwnership
{
    // A trained run whose submitter has deleted their sweep belongs to the sweep that has reused it, whoever is written as its owner: only reported runs are others' here.
    public Task<Holding?> OfSweepAsync(long sweepId, CancellationToken cancellationToken) => OfAsync(
        """
        SELECT s.owner_id, EXISTS (
          SELECT FROM runs r WHERE r.sweep_id = s.id AND r.external AND NOT r.purging AND r.owner_id IS DISTINCT FROM s.owner_id)
        FROM sweeps s WHERE s.id = @id AND NOT s.purging
        """, sweepId, cancellationToken);

    public Task<Holding?> OfRunAsync(long runId, CancellationToken cancellationToken) =>
        OfAsync("SELECT owner_id, false FROM runs WHERE id = @id AND NOT purging", runId, cancellationToken);

    private async Task<Holding?> OfAsync(string sql, long id, CancellationToken cancellationToken) =>
        (await database.QueryAsync(sql, r => new Holding(r.GetNullable<long>(0), r.GetBoolean(1)), cancellationToken, ("id", id))).FirstOrDefault();
}
