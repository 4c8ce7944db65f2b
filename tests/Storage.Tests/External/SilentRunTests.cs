using Tracker.Domain;
using Tracker.Storage.External;
using Tracker.Storage.Runs;
using static Tracker.Storage.Tests.External.ReportFixtures;

namespace Tracker.Storage.Tests.External;

public class SilentRunTests(StorageFixture storage) : IClassFixture<StorageFixture>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_run_that_nobody_reports_on_for_a_day_is_given_up_and_runs_again_with_the_next_report()
    {
        var lost = await storage.NewRunAsync();
        var heard = await storage.NewRunAsync();
        var over = await storage.NewRunAsync();
        await storage.Get<ILoggedRuns>().ChangeAsync(over, new(RunState.Succeeded, null, null), Token);
        foreach (var (run, silence) in new[] { (lost, ExternalRun.LostAfter + TimeSpan.FromMinutes(1)), (heard, ExternalRun.LostAfter - TimeSpan.FromMinutes(1)), (over, 2 * ExternalRun.LostAfter) })
            await SilenceAsync(run, silence);

        (await storage.Get<LostReports>().GiveUpAsync(Token)).ShouldBe(1);

        var view = (await storage.Runs.FindAsync(lost, Token)).ShouldNotBeNull();
        (view.State, view.FailureKind).ShouldBe((RunState.Failed, FailureKind.HostLost));
        view.FailureReason.ShouldNotBeNull().ShouldContain("24 hours");
        (await storage.StateAsync(heard), await storage.StateAsync(over)).ShouldBe((RunState.Running, RunState.Succeeded));

        await storage.LogAsync(lost, At("loss", 1, 1));
        var again = (await storage.Runs.FindAsync(lost, Token)).ShouldNotBeNull();
        (again.State, again.FailureKind, again.FinishedAt).ShouldBe((RunState.Running, null, null));
        (await storage.Get<LostReports>().GiveUpAsync(Token)).ShouldBe(0);
        (await storage.Runs.EventsAsync(lost, 1, Token))[0].Message.ShouldBe("Its program was heard of again.");
    }

    [Theory]
    [InlineData("points")]
    [InlineData("parameter")]
    [InlineData("tag")]
    [InlineData("nothing")]
    [InlineData("name")]
    public async Task Whatever_its_program_says_the_run_has_been_heard_of(string what)
    {
        var id = await storage.NewRunAsync();
        await storage.TagAsync(id, "removed", "soon");
        await SilenceAsync(id, 2 * ExternalRun.LostAfter);
        await storage.Get<LostReports>().GiveUpAsync(Token);
        (await storage.StateAsync(id)).ShouldBe(RunState.Failed);
        await (what switch
        {
            "points" => storage.LogAsync(id, At("loss", 1, 1)),
            "parameter" => storage.LogAsync(id, ("lr", "1")),
            "tag" => storage.Get<ILoggedRuns>().DeleteTagAsync(id, "removed", Token),
            "name" => storage.Get<ILoggedRuns>().ChangeAsync(id, new(null, null, "New name"), Token),
            _ => storage.Get<ILoggedRuns>().LogAsync(id, new([], [], []), Token),
        });
        (await storage.StateAsync(id)).ShouldBe(RunState.Running);
        (await storage.CountAsync($"SELECT count(*) FROM runs WHERE id = {id} AND reported_at > now() - interval '1 minute'")).ShouldBe(1);
    }

    [Fact]
    public async Task Nothing_that_schedules_touches_a_run_from_outside()
    {
        var experiment = await storage.NewExperimentAsync();
        var running = await storage.NewRunAsync(experiment);
        var held = await storage.NewRunAsync(experiment);
        await storage.Get<ILoggedRuns>().ChangeAsync(held, new(RunState.Paused, null, null), Token);
        var failed = await storage.NewRunAsync(experiment);
        await storage.Get<ILoggedRuns>().ChangeAsync(failed, new(RunState.Failed, null, null), Token);
        long[] all = [running, held, failed];
        var before = await StatesAsync(all);

        foreach (var verb in Enum.GetValues<RunVerb>()) (await storage.Runs.DoAsync(verb, all, Token)).ShouldBe(new VerbResult(0, 3), verb.ToString());
        (await storage.Runs.PauseAsync(running, Token)).ShouldBe(new VerbResult(0, 1));
        (await storage.Sweeps.CancelAsync(experiment, Token)).ShouldBe(new VerbResult(0, 3));
        (await storage.Sweeps.ResumeAsync(experiment, Token)).ShouldBe(new VerbResult(0, 3));
        (await storage.Runs.ChangePriorityAsync(all, Priority.High, Token)).ShouldBe(new VerbResult(0, 3));
        await storage.Runs.ChangeAsync(running, null, null, Priority.High, Token);
        (await storage.Get<RunReconciler>().RepairAsync(Token)).ShouldBe(0);
        var host = await storage.RegisterHostAsync("outside");
        (await storage.Get<IDispatcher>().FillAsync(host, Token)).ShouldBe(0);
        (await storage.Hosts.ListAsync(Token)).SelectMany(h => h.Runs).ShouldBeEmpty();
        await storage.Hosts.StoppedAsync(host, "", Token);

        (await StatesAsync(all)).ShouldBe(before);
    }

    private async Task<string> StatesAsync(long[] runs)
    {
        await using var command = storage.DataSource.CreateCommand(
            "SELECT string_agg(concat_ws(' ', id, state, priority, wish, assigned, attempt, finished_at), '; ' ORDER BY id) FROM runs WHERE id = ANY($1)");
        command.Parameters.Add(new() { Value = runs });
        return (string)(await command.ExecuteScalarAsync(Token))!;
    }

    private async Task SilenceAsync(long run, TimeSpan silence)
    {
        await using var command = storage.DataSource.CreateCommand("UPDATE runs SET reported_at = now() - $2 WHERE id = $1");
        command.Parameters.Add(new() { Value = run });
        command.Parameters.Add(new() { Value = silence });
        await command.ExecuteNonQueryAsync(Token);
    }
}
