using Tracker.Domain;
using Tracker.Storage.Database;
using Tracker.Storage.Scheduling;

namespace Tracker.Storage.Runs;

/// <summary>Something that must not be, and how it is made good.</summary>
/// <param name="Name">What was wrong and what was done, for people.</param>
/// <param name="Condition">
/// SQL that holds for a run <c>r</c> of which it is true. May use <c>@settled</c>, <c>@longest</c>, <c>@unbegun</c>, <c>@lost</c>, and <c>@held</c> if <paramref name="WithEngine"/>.
/// </param>
/// <param name="RepairAsync">Makes it good, in the transaction that has locked the run.</param>
/// <param name="WithEngine">Whether the runs that the engine holds are to be asked for.</param>
internal sealed record Disagreement(string Name, string Condition, Func<DbSession, LockedRun, Task> RepairAsync, bool WithEngine = false);

/// <summary>
/// The disagreements of rows with each other and with the job engine, in the order in which they are to be repaired: each may rely on the
/// former ones. Runs from outside have neither host nor attempts, and are none of them. Of runs that are over only what is cheap to find is looked at: there may be millions.
/// </summary>
internal sealed class RunRepairs(EngineExit exit, AttemptFinish finish)
{
    /// <summary>No wait after a crash is longer than the policy's longest; some room for clocks.</summary>
    public static readonly TimeSpan LongestWait = 2 * RetryPolicy.Default.MaxDelay;

    /// <summary>All of them.</summary>
    public IReadOnlyList<Disagreement> All =>
    [
        new("it had counted fewer attempts than there are; it goes on from the last.",
            """
            r.state IN ('Queued', 'Starting', 'Running', 'Paused') AND EXISTS (SELECT FROM attempts a WHERE a.run_id = r.id AND a.attempt > r.attempt)
            """,
            CountAsync),
        new("an attempt of it that was over had been left open; it is closed.",
            """
            r.id IN (SELECT a.run_id FROM attempts a WHERE a.ended_at IS NULL) AND EXISTS (
              SELECT FROM attempts a WHERE a.run_id = r.id AND a.ended_at IS NULL AND (a.attempt <> r.attempt OR r.state NOT IN ('Starting', 'Running')))
            """,
            CloseAsync),
        new("a host was to train it, but no attempt of it was going on; it waits again.",
            """
            r.state IN ('Starting', 'Running')
              AND NOT EXISTS (SELECT FROM attempts a WHERE a.run_id = r.id AND a.attempt = r.attempt AND a.ended_at IS NULL)
            """,
            (session, run) => LetGoAsync(session, run, "No attempt of it was going on.")),
        new("the host that held it had ended; it waits again.",
            """
            r.assigned AND EXISTS (
              SELECT FROM hosts h WHERE h.id = r.host_id AND coalesce(h.removed_at, h.stopped_at) < now() - @settled)
            """,
            (session, run) => LetGoAsync(session, run, "Its host had ended.")),
        new("the job engine had lost it; it waits again.",
            // One that has begun is its host's, whatever the engine knows of it.
            "r.assigned AND r.state = 'Queued' AND r.id <> ALL(@held)",
            (session, run) => LetGoAsync(session, run, "The job engine had lost it."), WithEngine: true),
        new("its host was heard of, but had not begun it for a minute; it waits again.",
            """
            r.assigned AND r.state = 'Queued' AND r.assigned_at < now() - @unbegun AND EXISTS (
              SELECT FROM hosts h WHERE h.id = r.host_id AND greatest(h.heartbeat_at, pg_postmaster_start_time()) > now() - @lost)
            """,
            (session, run) => LetGoAsync(session, run, "Its host had not begun it.")),
        new("it was held back for longer than any crash is waited after; it may start now.",
            "r.state IN ('Queued', 'Paused') AND r.not_before > now() + @longest",
            (session, run) => session.ExecuteAsync("UPDATE runs SET not_before = NULL WHERE id = @run", ("run", run.Id))),
        new("a wish of a user was left over; it is carried out.",
            "r.state IN ('Queued', 'Paused') AND r.wish <> 'None'",
            CarryOutAsync),
    ];

    private static Task<int> CountAsync(DbSession session, LockedRun run) => session.ExecuteAsync(
        "UPDATE runs SET attempt = (SELECT max(attempt) FROM attempts WHERE run_id = @run) WHERE id = @run", ("run", run.Id));

    /// <summary>When it really ended nobody knows, so that no device time is counted for it.</summary>
    private static Task<int> CloseAsync(DbSession session, LockedRun run) => session.ExecuteAsync(
        """
        UPDATE attempts SET ended_at = now(), reason = 'It had been left open.',
          outcome = CASE WHEN @succeeded AND attempt = @attempt THEN 'Succeeded' ELSE 'Lost' END
        WHERE run_id = @run AND ended_at IS NULL AND (attempt <> @attempt OR NOT @active)
        """,
        ("run", run.Id), ("attempt", run.Attempt), ("active", run.State.IsActive()), ("succeeded", run.State == RunState.Succeeded));

    /// <summary>Puts a run back that has a device: what was begun there is lost, which is not held against it.</summary>
    private async Task LetGoAsync(DbSession session, LockedRun run, string reason)
    {
        if (run.State.IsActive())
        {
            await finish.EndAsync(session, run.Id, run.Attempt, new(AttemptOutcome.Lost, ExitCode: null, Signal: null, reason));
            return;
        }
        await session.ExecuteAsync("UPDATE runs SET assigned = false, host_id = NULL, device_name = NULL WHERE id = @run", ("run", run.Id));
        await exit.RemoveAsync(session, [run.Id]);
    }

    private async Task CarryOutAsync(DbSession session, LockedRun run)
    {
        var wanted = run.Wish == RunWish.Cancel ? RunState.Cancelled : RunState.Paused;
        if (run.State == wanted) await session.ExecuteAsync("UPDATE runs SET wish = 'None' WHERE id = @run", ("run", run.Id));
        else await RunTransition.EnterAsync(session, [run.Id], wanted);
        await exit.RemoveAsync(session, [run.Id]);
    }
}
