using Microsoft.EntityFrameworkCore;
using Tracker.Domain;
using Tracker.Storage.Model;

namespace Tracker.Storage.Runs;

/// <summary>Turns rows into what pages and REST show.</summary>
internal static class RunViews
{
    /// <summary>The runs with what a view needs of their neighbours.</summary>
    public static IQueryable<RunRow> ForView(this IQueryable<RunRow> runs) => runs.Include(r => r.Sweep).Include(r => r.Host).AsNoTracking();

    public static RunView ToView(this RunRow run, DateTimeOffset now, bool reused = false) => new(
        run.Id, run.SweepId, run.Sweep.Name, run.ToSpec(), run.Fingerprint, run.State, run.StateSince, run.Wish,
        run.Priority, run.DeviceClass, run.Attempt, run.Host?.Name, run.DeviceName,
        Json.ReadOrNull<RunProgress>(run.Progress), Json.ReadOrNull<CheckpointInfo>(run.Checkpoint), Json.ReadOrNull<RunResult>(run.Result),
        run.FailureKind, run.FailureReason, run.Notes, run.Tags, run.CreatedAt, run.StartedAt, run.FinishedAt, run.NotBefore,
        HostLost: run.State.IsActive() && run.Host is { } host && now - host.HeartbeatAt > HostView.LostAfter, reused);

    /// <summary>High before Normal before Low, then by arrival: the order in which the job engine starts them.</summary>
    public static IQueryable<RunRow> InQueueOrder(this IQueryable<RunRow> runs) => runs
        .OrderBy(r => r.Priority == Priority.High ? 0 : r.Priority == Priority.Normal ? 1 : 2)
        .ThenBy(r => r.QueuePosition);
}
