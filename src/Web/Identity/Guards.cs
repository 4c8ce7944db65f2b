using Tracker.Domain;
using Tracker.Storage;

namespace Tracker.Web.Identity;

/// <summary>
/// Puts <see cref="Access"/> in front of everything in storage that users change. Whatever asks for one of these interfaces gets the guarded
/// one; a verb that is added to them does not compile before somebody has decided here who may use it.
/// </summary>
public static class Guards
{
    /// <summary>The key of what asks nobody, for what the product does by itself.</summary>
    public const string Unguarded = "unguarded";

    /// <summary>Comes after storage is registered.</summary>
    public static void GuardStorage(this IServiceCollection services)
    {
        services.AddSingleton<Access>();
        services.Guard<ISweeps>((sweeps, access) => new GuardedSweeps(sweeps, access));
        services.Guard<IRuns>((runs, access) => new GuardedRuns(runs, access));
        services.Guard<IRecycleBin>((bin, access) => new GuardedBin(bin, access));
        services.Guard<IRetention>((retention, access) => new GuardedRetention(retention, access));
        services.Guard<ISavedViews>((views, access) => new GuardedViews(views, access));
        services.Guard<IHosts>((hosts, access) => new GuardedHosts(hosts, access));
        services.Guard<IExperiments>((experiments, access) => new GuardedExperiments(experiments, access));
        services.Guard<ILoggedRuns>((runs, access) => new GuardedLoggedRuns(runs, access));
    }

    private static void Guard<T>(this IServiceCollection services, Func<T, Access, T> guard) where T : class
    {
        var plain = services.Single(s => s.ServiceType == typeof(T));
        services.Remove(plain);
        services.Add(new ServiceDescriptor(typeof(T), Unguarded, plain.ImplementationType!, plain.Lifetime));
        services.AddSingleton(provider => guard(provider.GetRequiredKeyedService<T>(Unguarded), provider.GetRequiredService<Access>()));
    }

    private sealed class GuardedSweeps(ISweeps sweeps, Access access) : ISweeps
    {
        public Task<SweepPlan> PlanAsync(SweepSpec sweep, long? ownerId, CancellationToken cancellationToken) => sweeps.PlanAsync(sweep, ownerId, cancellationToken);

        public async Task<long> SubmitAsync(SweepSpec sweep, long? ownerId, CancellationToken cancellationToken)
        {
            await access.DemandAsync(Policies.Act, cancellationToken);
            return await sweeps.SubmitAsync(sweep, ownerId, cancellationToken);
        }

        public Task<SweepView?> FindAsync(long sweepId, CancellationToken cancellationToken) => sweeps.FindAsync(sweepId, cancellationToken);

        public Task<IReadOnlyList<SweepView>> ListAsync(SweepSearch search, CancellationToken cancellationToken) => sweeps.ListAsync(search, cancellationToken);

        public Task<IReadOnlyList<string>> OwnersAsync(CancellationToken cancellationToken) => sweeps.OwnersAsync(cancellationToken);

        public Task<SweepDeletion?> DeletionAsync(long sweepId, CancellationToken cancellationToken) => sweeps.DeletionAsync(sweepId, cancellationToken);

        public async Task<SweepView?> ChangeAsync(long sweepId, string? name, string? notes, Priority? priority, CancellationToken cancellationToken)
        {
            await access.DemandAsync(Policies.Act, cancellationToken);
            return await sweeps.ChangeAsync(sweepId, name, notes, priority, cancellationToken);
        }

        public async Task<SweepView?> ChangeNotesAsync(long sweepId, string notes, string former, CancellationToken cancellationToken)
        {
            await access.DemandAsync(Policies.Act, cancellationToken);
            return await sweeps.ChangeNotesAsync(sweepId, notes, former, cancellationToken);
        }

        public Task<VerbResult?> PauseAsync(long sweepId, CancellationToken cancellationToken) => ActAsync(() => sweeps.PauseAsync(sweepId, cancellationToken), cancellationToken);

        public Task<VerbResult?> ResumeAsync(long sweepId, CancellationToken cancellationToken) => ActAsync(() => sweeps.ResumeAsync(sweepId, cancellationToken), cancellationToken);

        public Task<VerbResult?> StopAsync(long sweepId, CancellationToken cancellationToken) => ActAsync(() => sweeps.StopAsync(sweepId, cancellationToken), cancellationToken);

        public Task<VerbResult?> CancelAsync(long sweepId, CancellationToken cancellationToken) => ActAsync(() => sweeps.CancelAsync(sweepId, cancellationToken), cancellationToken);

        public Task<VerbResult?> RetryAsync(long sweepId, RetryFrom from, CancellationToken cancellationToken) =>
            ActAsync(() => sweeps.RetryAsync(sweepId, from, cancellationToken), cancellationToken);

        public async Task<bool> DeleteAsync(long sweepId, CancellationToken cancellationToken)
        {
            return await access.DemandDeletionOfSweepAsync(sweepId, cancellationToken) && await sweeps.DeleteAsync(sweepId, cancellationToken);
        }

        private async Task<VerbResult?> ActAsync(Func<Task<VerbResult?>> verb, CancellationToken cancellationToken)
        {
            await access.DemandAsync(Policies.Act, cancellationToken);
            return await verb();
        }
    }

    private sealed class GuardedRuns(IRuns runs, Access access) : IRuns
    {
        public Task<RunView?> FindAsync(long runId, Presence presence, CancellationToken cancellationToken) => runs.FindAsync(runId, presence, cancellationToken);

        public Task<IReadOnlyList<RunView>> FindAsync(IReadOnlyList<long> runIds, CancellationToken cancellationToken) => runs.FindAsync(runIds, cancellationToken);

        public Task<IReadOnlyList<string>> MetricsAsync(IReadOnlyList<long> runIds, CancellationToken cancellationToken) => runs.MetricsAsync(runIds, cancellationToken);

        public Task<IReadOnlyList<RunView>> ListAsync(RunFilter filter, int limit, long? beforeId, CancellationToken cancellationToken) =>
            runs.ListAsync(filter, limit, beforeId, cancellationToken);

        public Task<IReadOnlyList<RunView>> OfSweepAsync(long sweepId, CancellationToken cancellationToken) => runs.OfSweepAsync(sweepId, cancellationToken);

        public Task<IReadOnlyList<PlacedRun>> OfSweepAsync(long sweepId, int limit, int? afterPlace, CancellationToken cancellationToken) =>
            runs.OfSweepAsync(sweepId, limit, afterPlace, cancellationToken);

        public Task<IReadOnlyList<RunBrief>> BriefsOfSweepAsync(long sweepId, long around, int eachSide, CancellationToken cancellationToken) =>
            runs.BriefsOfSweepAsync(sweepId, around, eachSide, cancellationToken);

        public Task<IReadOnlyList<LogLine>> LogAsync(LogQuery query, CancellationToken cancellationToken) => runs.LogAsync(query, cancellationToken);

        public Task<IReadOnlyList<string>> TagsAsync(int limit, CancellationToken cancellationToken) => runs.TagsAsync(limit, cancellationToken);

        public async Task<VerbResult> DoAsync(RunVerb verb, IReadOnlyList<long> runIds, CancellationToken cancellationToken)
        {
            await access.DemandAsync(Policies.Act, cancellationToken);
            return await runs.DoAsync(verb, runIds, cancellationToken);
        }

        public async Task<VerbResult> ChangePriorityAsync(IReadOnlyList<long> runIds, Priority priority, CancellationToken cancellationToken)
        {
            await access.DemandAsync(Policies.Act, cancellationToken);
            return await runs.ChangePriorityAsync(runIds, priority, cancellationToken);
        }

        public Task<IReadOnlyList<RunView>> ActiveAsync(CancellationToken cancellationToken) => runs.ActiveAsync(cancellationToken);

        public Task<IReadOnlyList<RunView>> ReportedAsync(int limit, CancellationToken cancellationToken) => runs.ReportedAsync(limit, cancellationToken);

        public Task<RunCounts> CountsAsync(CancellationToken cancellationToken) => runs.CountsAsync(cancellationToken);

        public Task<IReadOnlyList<RunView>> RecentFailuresAsync(int limit, CancellationToken cancellationToken) => runs.RecentFailuresAsync(limit, cancellationToken);

        public Task<IReadOnlyList<AttemptView>> AttemptsAsync(long runId, CancellationToken cancellationToken) => runs.AttemptsAsync(runId, cancellationToken);

        public Task<IReadOnlyList<EventView>> EventsAsync(long runId, int limit, CancellationToken cancellationToken) => runs.EventsAsync(runId, limit, cancellationToken);

        public Task<IReadOnlyList<LogLine>> LogAsync(long runId, int afterAttempt, long afterLine, int limit, CancellationToken cancellationToken) =>
            runs.LogAsync(runId, afterAttempt, afterLine, limit, cancellationToken);

        public async Task<RunView?> ChangeNotesAsync(long runId, string notes, string former, CancellationToken cancellationToken)
        {
            await access.DemandAsync(Policies.Act, cancellationToken);
            return await runs.ChangeNotesAsync(runId, notes, former, cancellationToken);
        }

        public async Task<VerbResult> ChangeTagsAsync(IReadOnlyList<long> runIds, IReadOnlyList<string> add, IReadOnlyList<string> remove, CancellationToken cancellationToken)
        {
            await access.DemandAsync(Policies.Act, cancellationToken);
            return await runs.ChangeTagsAsync(runIds, add, remove, cancellationToken);
        }

        public async Task<RunView?> ChangeAsync(long runId, string? notes, IReadOnlyList<string>? tags, Priority? priority, CancellationToken cancellationToken)
        {
            await access.DemandAsync(Policies.Act, cancellationToken);
            return await runs.ChangeAsync(runId, notes, tags, priority, cancellationToken);
        }

        public Task<VerbResult?> PauseAsync(long runId, CancellationToken cancellationToken) => ActAsync(() => runs.PauseAsync(runId, cancellationToken), cancellationToken);

        public Task<VerbResult?> ResumeAsync(long runId, CancellationToken cancellationToken) => ActAsync(() => runs.ResumeAsync(runId, cancellationToken), cancellationToken);

        public Task<VerbResult?> StopAsync(long runId, CancellationToken cancellationToken) => ActAsync(() => runs.StopAsync(runId, cancellationToken), cancellationToken);

        public Task<VerbResult?> CancelAsync(long runId, CancellationToken cancellationToken) => ActAsync(() => runs.CancelAsync(runId, cancellationToken), cancellationToken);

        public Task<VerbResult?> RetryAsync(long runId, RetryFrom from, CancellationToken cancellationToken) =>
            ActAsync(() => runs.RetryAsync(runId, from, cancellationToken), cancellationToken);

        public async Task<bool> DeleteAsync(long runId, CancellationToken cancellationToken)
        {
            return await access.DemandDeletionOfRunAsync(runId, cancellationToken) && await runs.DeleteAsync(runId, cancellationToken);
        }

        private async Task<VerbResult?> ActAsync(Func<Task<VerbResult?>> verb, CancellationToken cancellationToken)
        {
            await access.DemandAsync(Policies.Act, cancellationToken);
            return await verb();
        }
    }

    /// <summary>Whoever may delete something may bring it back, or be rid of it for good.</summary>
    private sealed class GuardedBin(IRecycleBin bin, Access access) : IRecycleBin
    {
        public Task<IReadOnlyList<BinItem>> ListAsync(int limit, BinPlace? after, CancellationToken cancellationToken) => bin.ListAsync(limit, after, cancellationToken);

        public async Task<bool> RestoreRunAsync(long runId, CancellationToken cancellationToken)
        {
            return await access.DemandDeletionOfRunAsync(runId, cancellationToken) && await bin.RestoreRunAsync(runId, cancellationToken);
        }

        public async Task<bool> RestoreSweepAsync(long sweepId, CancellationToken cancellationToken)
        {
            return await access.DemandDeletionOfSweepAsync(sweepId, cancellationToken) && await bin.RestoreSweepAsync(sweepId, cancellationToken);
        }

        public async Task<bool> PurgeRunAsync(long runId, CancellationToken cancellationToken)
        {
            return await access.DemandDeletionOfRunAsync(runId, cancellationToken) && await bin.PurgeRunAsync(runId, cancellationToken);
        }

        public async Task<bool> PurgeSweepAsync(long sweepId, CancellationToken cancellationToken)
        {
            return await access.DemandDeletionOfSweepAsync(sweepId, cancellationToken) && await bin.PurgeSweepAsync(sweepId, cancellationToken);
        }

        public async Task<int> EmptyAsync(CancellationToken cancellationToken)
        {
            await access.DemandAsync(Policies.Administer, cancellationToken);
            return await bin.EmptyAsync(cancellationToken);
        }
    }

    private sealed class GuardedRetention(IRetention retention, Access access) : IRetention
    {
        public Task<RetentionRules> RulesAsync(CancellationToken cancellationToken) => retention.RulesAsync(cancellationToken);

        public Task<RetentionPreview> PreviewAsync(RetentionRules rules, CancellationToken cancellationToken) => retention.PreviewAsync(rules, cancellationToken);

        public Task<RetentionPass?> LastPassAsync(CancellationToken cancellationToken) => retention.LastPassAsync(cancellationToken);

        public Task<StorageSpace> SpaceAsync(CancellationToken cancellationToken) => retention.SpaceAsync(cancellationToken);

        public Task<SpaceOfSweep?> SpaceAsync(long sweepId, CancellationToken cancellationToken) => retention.SpaceAsync(sweepId, cancellationToken);

        public async Task ChangeAsync(RetentionRules rules, CancellationToken cancellationToken)
        {
            await access.DemandAsync(Policies.Administer, cancellationToken);
            await retention.ChangeAsync(rules, cancellationToken);
        }

        public async Task<RetentionPass?> ApplyAsync(CancellationToken cancellationToken)
        {
            await access.DemandAsync(Policies.Administer, cancellationToken);
            return await retention.ApplyAsync(cancellationToken);
        }
    }

    /// <summary>What a user keeps for himself is his own affair; what others are offered is a change like any other.</summary>
    private sealed class GuardedViews(ISavedViews views, Access access) : ISavedViews
    {
        public Task<IReadOnlyList<SavedView>> ListAsync(long userId, string page, CancellationToken cancellationToken) => views.ListAsync(userId, page, cancellationToken);

        public Task<SavedView?> FindAsync(long userId, long viewId, CancellationToken cancellationToken) => views.FindAsync(userId, viewId, cancellationToken);

        public async Task<long> SaveAsync(long userId, string page, string name, string query, bool shared, CancellationToken cancellationToken)
        {
            var others = shared || (await views.ListAsync(userId, page, cancellationToken)).Any(view => view.OwnerId == userId && view.Name == name && view.Shared);
            await access.DemandAsync(others ? Policies.Act : Policies.Account, cancellationToken);
            return await views.SaveAsync(userId, page, name, query, shared, cancellationToken);
        }

        public async Task<bool> DeleteAsync(long userId, long viewId, CancellationToken cancellationToken)
        {
            var others = await views.FindAsync(userId, viewId, cancellationToken) is { Shared: true };
            await access.DemandAsync(others ? Policies.Act : Policies.Account, cancellationToken);
            return await views.DeleteAsync(userId, viewId, cancellationToken);
        }
    }

    /// <summary>What hosts themselves call is not guarded: they have the database's password and no user.</summary>
    private sealed class GuardedHosts(IHosts hosts, Access access) : IHosts
    {
        public Task<long> RegisterAsync(HostRegistration registration, CancellationToken cancellationToken) => hosts.RegisterAsync(registration, cancellationToken);

        public Task<HeartbeatReply> HeartbeatAsync(long hostId, string instance, CancellationToken cancellationToken) => hosts.HeartbeatAsync(hostId, instance, cancellationToken);

        public Task StoppedAsync(long hostId, string instance, CancellationToken cancellationToken) => hosts.StoppedAsync(hostId, instance, cancellationToken);

        public Task<IReadOnlyList<HostView>> ListAsync(CancellationToken cancellationToken) => hosts.ListAsync(cancellationToken);

        public async Task<bool> SetDrainAsync(long hostId, bool drain, CancellationToken cancellationToken)
        {
            await access.DemandAsync(Policies.Administer, cancellationToken);
            return await hosts.SetDrainAsync(hostId, drain, cancellationToken);
        }

        public async Task<bool> RemoveAsync(long hostId, CancellationToken cancellationToken)
        {
            await access.DemandAsync(Policies.Administer, cancellationToken);
            return await hosts.RemoveAsync(hostId, cancellationToken);
        }
    }
}
