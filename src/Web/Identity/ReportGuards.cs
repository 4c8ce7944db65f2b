using Tracker.Storage;

namespace Tracker.Web.Identity;

/// <summary>Whoever may act may report; members delete and restore only what is their own.</summary>
internal sealed class GuardedExperiments(IExperiments experiments, Access access) : IExperiments
{
    public async Task<long> CreateAsync(string name, IReadOnlyDictionary<string, string> tags, CancellationToken cancellationToken)
    {
        await access.DemandAsync(Policies.Act, cancellationToken);
        return await experiments.CreateAsync(name, tags, cancellationToken);
    }

    public Task<Experiment?> FindAsync(long id, CancellationToken cancellationToken) => experiments.FindAsync(id, cancellationToken);

    public Task<Experiment?> FindAsync(string name, CancellationToken cancellationToken) => experiments.FindAsync(name, cancellationToken);

    public Task<ExperimentPage> SearchAsync(ExperimentSearch search, CancellationToken cancellationToken) => experiments.SearchAsync(search, cancellationToken);

    public async Task<bool> DeleteAsync(long id, CancellationToken cancellationToken)
    {
        return await access.DemandDeletionOfSweepAsync(id, cancellationToken) && await experiments.DeleteAsync(id, cancellationToken);
    }

    public async Task<bool> RestoreAsync(long id, CancellationToken cancellationToken)
    {
        return await access.DemandDeletionOfSweepAsync(id, cancellationToken) && await experiments.RestoreAsync(id, cancellationToken);
    }

    public async Task<bool> RenameAsync(long id, string name, CancellationToken cancellationToken)
    {
        await access.DemandAsync(Policies.Act, cancellationToken);
        return await experiments.RenameAsync(id, name, cancellationToken);
    }

    public async Task<bool> SetTagAsync(long id, string key, string value, CancellationToken cancellationToken)
    {
        await access.DemandAsync(Policies.Act, cancellationToken);
        return await experiments.SetTagAsync(id, key, value, cancellationToken);
    }

    public async Task<bool> DeleteTagAsync(long id, string key, CancellationToken cancellationToken)
    {
        await access.DemandAsync(Policies.Act, cancellationToken);
        return await experiments.DeleteTagAsync(id, key, cancellationToken);
    }
}

/// <inheritdoc cref="GuardedExperiments" />
internal sealed class GuardedLoggedRuns(ILoggedRuns runs, Access access) : ILoggedRuns
{
    public async Task<long?> CreateAsync(NewLoggedRun run, CancellationToken cancellationToken)
    {
        await access.DemandAsync(Policies.Act, cancellationToken);
        return await runs.CreateAsync(run, cancellationToken);
    }

    public Task<LoggedRun?> FindAsync(long id, CancellationToken cancellationToken) => runs.FindAsync(id, cancellationToken);

    public Task<IReadOnlyList<LoggedRun>> FindAsync(IReadOnlyList<long> ids, CancellationToken cancellationToken) => runs.FindAsync(ids, cancellationToken);

    public async Task<bool> ChangeAsync(long id, LoggedRunChange change, CancellationToken cancellationToken)
    {
        await access.DemandAsync(Policies.Act, cancellationToken);
        return await runs.ChangeAsync(id, change, cancellationToken);
    }

    public async Task<bool> LogAsync(long id, LoggedBatch batch, CancellationToken cancellationToken)
    {
        await access.DemandAsync(Policies.Act, cancellationToken);
        return await runs.LogAsync(id, batch, cancellationToken);
    }

    public async Task<bool> ChangeTagAsync(long id, string key, Func<string?, string> change, CancellationToken cancellationToken)
    {
        await access.DemandAsync(Policies.Act, cancellationToken);
        return await runs.ChangeTagAsync(id, key, change, cancellationToken);
    }

    public async Task<bool> DeleteTagAsync(long id, string key, CancellationToken cancellationToken)
    {
        await access.DemandAsync(Policies.Act, cancellationToken);
        return await runs.DeleteTagAsync(id, key, cancellationToken);
    }

    public async Task<bool> DeleteAsync(long id, CancellationToken cancellationToken)
    {
        return await access.DemandDeletionOfRunAsync(id, cancellationToken) && await runs.DeleteAsync(id, cancellationToken);
    }

    public async Task<bool> RestoreAsync(long id, CancellationToken cancellationToken)
    {
        return await access.DemandDeletionOfRunAsync(id, cancellationToken) && await runs.RestoreAsync(id, cancellationToken);
    }

    public Task<LoggedHistory?> HistoryAsync(long runId, string key, HistoryPlace? after, int limit, CancellationToken cancellationToken) =>
        runs.HistoryAsync(runId, key, after, limit, cancellationToken);
}
