using Tracker.Domain;
using Tracker.Storage.Database;
using Tracker.Storage.Runs;

namespace Tracker.Storage.Tests;

/// <summary>Every pair of states: what the domain's table allows happens, and nothing else.</summary>
public class TransitionTests(StorageFixture storage) : IClassFixture<StorageFixture>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<RunState, RunState> Pairs
    {
        get
        {
            var pairs = new TheoryData<RunState, RunState>();
            foreach (var from in Enum.GetValues<RunState>())
                foreach (var to in Enum.GetValues<RunState>().Where(s => s is not (RunState.Starting or RunState.Running)))
                    pairs.Add(from, to);
            return pairs;
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task A_run_enters_a_state_exactly_from_those_that_may_precede_it(RunState from, RunState to)
    {
        var (run, attempt) = await RunInAsync(from);
        var changed = await TryEnterAsync(run, attempt, to);
        changed.ShouldBe(RunTransitions.IsAllowed(from, to));
        (await storage.StateAsync(run)).ShouldBe(changed ? to : from);
    }

    [Fact]
    public async Task The_database_refuses_a_state_that_does_not_exist()
    {
        var (run, _) = await RunInAsync(RunState.Queued);
        await using var command = storage.DataSource.CreateCommand($"UPDATE runs SET state = 'Asleep' WHERE id = {run}");
        (await Should.ThrowAsync<Npgsql.PostgresException>(command.ExecuteNonQueryAsync(Token))).SqlState.ShouldBe("23514");
    }

    private async Task<bool> TryEnterAsync(long run, int attempt, RunState to)
    {
        if (to == RunState.Succeeded)
        {
            try
            {
                await storage.Attempts.SucceedAsync(run, attempt, Results.With(0.5), Token);
            }
            catch (FencedException)
            {
                return false;
            }
            return !_succeededBefore;
        }
        var changed = await storage.Get<TrackerDatabase>().TransactAsync(session => to switch
        {
            RunState.Queued => RunTransition.QueueAnewAsync(session, [run]),
            RunState.Failed => RunTransition.FailAsync(session, run, FailureKind.Diverged, "diverged", default),
            _ => RunTransition.EnterAsync(session, [run], to),
        }, Token);
        return changed.Count == 1;
    }

    private bool _succeededBefore;

    private async Task<(long Run, int Attempt)> RunInAsync(RunState state)
    {
        var host = await storage.RegisterHostAsync("host");
        var (_, runs) = await storage.SubmitAsync(SweepsToTest.Next());
        var run = runs[0];
        _succeededBefore = state == RunState.Succeeded;
        switch (state)
        {
            case RunState.Queued: return (run, 0);
            case RunState.Starting: return (run, (await storage.BeginAsync(run, host)).ShouldNotBeNull().Attempt);
            case RunState.Paused: await storage.Runs.PauseAsync(run, Token); return (run, 0);
            case RunState.Cancelled: await storage.Runs.CancelAsync(run, Token); return (run, 0);
        }
        var attempt = (await storage.StartAsync(run, host)).Attempt;
        if (state == RunState.Succeeded) await storage.Attempts.SucceedAsync(run, attempt, Results.With(0.5), Token);
        if (state == RunState.Failed) await storage.Attempts.EndAsync(run, attempt, new(AttemptOutcome.Failed, 3, null, "no data", FailureKind.BadData), Token);
        (await storage.StateAsync(run)).ShouldBe(state);
        return (run, attempt);
    }
}
