using Microsoft.EntityFrameworkCore;
using Tracker.Domain;
using Tracker.Storage.Model;

namespace Tracker.Storage.Runs;

/// <summary>A run with what a view needs of its neighbours; not the whole sweep, whose specification may be long.</summary>
internal sealed record ViewedRun(RunRow Run, string SweepName, string? HostName, bool HostSilent, bool Reused, bool Unheard)
{
    public RunView ToView() => new(
        Run.Id, Run.SweepId, SweepName, Run.ToSpec(), Run.Fingerprint, Run.State, Run.StateSince, Run.Wish,
        Run.Priority, Run.DeviceClass, Run.Attempt, HostName, Run.DeviceName,
        Run.External ? Reported : Json.ReadOrNull<RunProgress>(Run.Progress), Json.ReadOrNull<CheckpointInfo>(Run.Checkpoint), Json.ReadOrNull<RunResult>(Run.Result),
        Run.FailureKind, Run.FailureReason, Run.Notes, Run.Tags, Run.CreatedAt, Run.StartedAt, Run.FinishedAt, Run.NotBefore,
        HostLost: Run.State.IsActive() && HostSilent && !Run.External, Reused)
    {
        External = External(), Timing = Run.Timing, Labels = Run.Labels, MemoryBytes = Run.MemoryBytes, Shared = Run.Shared, Quarantined = Run.Quarantined, DeletedAt = Run.DeletedAt, DeletedBy = Run.DeletedBy,
    };

    /// <summary>How far a run from outside is, as far as one can know.</summary>
    private RunProgress Reported => new(Run.Step, TotalSteps: 0, Epoch: 0, Run.Epochs, SamplesPerSecond: 0, EtaSeconds: null, TrainLoss: null, Run.SelectedAccuracy, Run.BestAccuracy);

    private ExternalRun? External() => !Run.External ? null : new(
        Run.Title!, Json.Read<Dictionary<string, string>>(Run.Spec), Json.Read<Dictionary<string, string>>(Run.Attributes), Run.ReportedAt!.Value,
        Silent: Run.State == RunState.Running && Unheard);
}

/// <summary>
/// Turns rows into what pages and REST show. Whether a host is silent is told by the server's clock, which <see cref="DateTimeOffset.UtcNow"/>
/// is in a query, as for those who take its runs back.
/// </summary>
internal static class RunViews
{
    /// <summary>Runs in the recycle bin, or those that are not.</summary>
    public static IQueryable<RunRow> Of(this IQueryable<RunRow> runs, Presence presence) => presence switch
    {
        Presence.Active => runs.Where(r => r.DeletedAt == null),
        Presence.Deleted => runs.Where(r => r.DeletedAt != null),
        _ => runs,
    };

    public static IQueryable<ViewedRun> ForView(this IQueryable<RunRow> runs) =>
        runs.AsNoTracking().Select(r => new ViewedRun(
            r, r.Sweep.Name, r.Host!.Name,
            EF.Functions.Greatest(r.Host.HeartbeatAt, TrackerDbContext.ServerStart()) < DateTimeOffset.UtcNow - HostView.LostAfter, false,
            r.ReportedAt < DateTimeOffset.UtcNow - ExternalRun.SilentAfter));

    public static IQueryable<ViewedRun> ForView(this IQueryable<SweepRunRow> runs) =>
        runs.AsNoTracking().Select(s => new ViewedRun(
            s.Run, s.Run.Sweep.Name, s.Run.Host!.Name,
            EF.Functions.Greatest(s.Run.Host.HeartbeatAt, TrackerDbContext.ServerStart()) < DateTimeOffset.UtcNow - HostView.LostAfter, s.Reused,
            s.Run.ReportedAt < DateTimeOffset.UtcNow - ExternalRun.SilentAfter));
}
