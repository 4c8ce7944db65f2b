using System.CommandLine;
using Spectre.Console;
using Tracker.Cli.Api;
using Tracker.Cli.Output;
using Tracker.Cli.Watching;

namespace Tracker.Cli.Commands;

/// <summary>Follows a sweep until all of its runs are over.</summary>
internal static class WatchCommand
{
    public static Command Create(Shell shell)
    {
        var sweep = new Argument<long>("sweep") { Description = "Id of a sweep." };
        return shell.Command(
            "watch", "Watch a sweep until all of its runs are over. Ctrl-C leaves, and the sweep goes on. Exit code 0 when every run succeeded, 1 when one did not.", [sweep],
            (session, cancellationToken) => FollowAsync(session, session.Get(sweep), cancellationToken));
    }

    /// <returns>Whether all succeeded, as an exit code.</returns>
    public static async Task<int> FollowAsync(Session session, long sweep, CancellationToken cancellationToken)
    {
        try
        {
            var runs = await WatchAsync(session, sweep, cancellationToken);
            return await SumUpAsync(session, runs);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            session.Printer.Note($"Sweep {sweep} goes on; 'tracker-cli watch {sweep}' comes back to it.");
            throw;
        }
    }

    private static async Task<IReadOnlyList<RunReply>> WatchAsync(Session session, long sweep, CancellationToken cancellationToken)
    {
        var follower = new SweepFollower(session.Api, sweep, session.Around.Clock, session.Printer.Note);
        if (session.Printer.Json) return await follower.FollowAsync(new JsonBoard(session.Printer).Show, cancellationToken);
        if (!session.Printer.IsTerminal) return await follower.FollowAsync(new LineBoard(session.Printer).Show, cancellationToken);
        return await session.Printer.Console().Live(new Text("")).StartAsync(live => follower.FollowAsync(
            (runs, _) =>
            {
                live.UpdateTarget(TerminalBoard.Draw(runs, session.Printer.Size));
                live.Refresh();
            },
            cancellationToken));
    }

    private static async Task<int> SumUpAsync(Session session, IReadOnlyList<RunReply> runs)
    {
        var missed = runs.Where(r => !r.Succeeded).ToList();
        if (missed.Count == 0) return ExitCodes.Done;
        foreach (var run in missed) await session.Around.Error.WriteLineAsync($"run {run.Id} ({Format.Plain(run.Title)}): {RunText.Detail(run)}");
        await session.Around.Error.WriteLineAsync($"tracker-cli: {missed.Count} of {Format.Count(runs.Count, "run")} did not succeed.");
        return ExitCodes.Failed;
    }
}
