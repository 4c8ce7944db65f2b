using Tracker.Domain;
using static Tracker.Storage.Tests.External.ReportFixtures;

namespace Tracker.Storage.Tests.External;

public class LoggedRunTests(StorageFixture storage) : IClassFixture<StorageFixture>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private ILoggedRuns Logged => storage.Get<ILoggedRuns>();

    [Fact]
    public async Task What_is_reported_comes_back_exactly()
    {
        var experiment = await storage.NewExperimentAsync();
        var tags = new Dictionary<string, string> { ["mlflow.source.name"] = "train.py", ["mlflow.note.content"] = "Notes", ["mlflow.user"] = "alice" };
        var id = (await Logged.CreateAsync(new(experiment, "first", DateTimeOffset.FromUnixTimeMilliseconds(Start), tags), Token)).ShouldNotBeNull();
        await Logged.LogAsync(id, new([At("loss", 1, 0.5), At("loss", 2, double.NaN), At("up", 1, double.PositiveInfinity), At("down", 1, double.NegativeInfinity)],
            [KeyValuePair.Create("lr", "1e-3"), KeyValuePair.Create("empty", "")], [KeyValuePair.Create("kind", "test")]), Token);

        var run = await storage.FindLoggedAsync(id);

        run.ShouldBe(run with { Id = id, ExperimentId = experiment, Name = "first", External = true, State = RunState.Running, Notes = "Notes", FinishedAt = null, DeletedAt = null });
        run.StartedAt.ToUnixTimeMilliseconds().ShouldBe(Start);
        run.Parameters.OrderBy(p => p.Key).ShouldBe([KeyValuePair.Create("empty", ""), KeyValuePair.Create("lr", "1e-3")]);
        run.Tags.OrderBy(t => t.Key).ShouldBe([KeyValuePair.Create("kind", "test"), KeyValuePair.Create("mlflow.source.name", "train.py"), KeyValuePair.Create("mlflow.user", "alice")]);
        run.Metrics.OrderBy(m => m.Key).ShouldBe([At("down", 1, double.NegativeInfinity), At("loss", 2, double.NaN), At("up", 1, double.PositiveInfinity)]);
        (await storage.HistoryAsync(id, "loss")).ShouldBe([At("loss", 1, 0.5), At("loss", 2, double.NaN)]);
    }

    [Fact]
    public async Task Unknown_runs_and_experiments_are_told_apart_from_empty_ones()
    {
        (await Logged.CreateAsync(new(long.MaxValue, "lost", DateTimeOffset.UtcNow, new Dictionary<string, string>()), Token)).ShouldBeNull();
        (await Logged.FindAsync(long.MaxValue, Token)).ShouldBeNull();
        (await Logged.LogAsync(long.MaxValue, new([At("loss", 1, 1)], [], []), Token)).ShouldBeFalse();
        (await Logged.LogAsync(long.MaxValue, new([], [], [KeyValuePair.Create("a", "b")]), Token)).ShouldBeFalse();
        (await Logged.HistoryAsync(long.MaxValue, "loss", null, 10, Token)).ShouldBeNull();
        (await Logged.HistoryAsync(await storage.NewRunAsync(), "loss", null, 10, Token)).ShouldNotBeNull().Points.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_parameter_keeps_its_first_value()
    {
        var id = await storage.NewRunAsync();
        await storage.LogAsync(id, ("bs", "64"), ("kept", "yes"));
        await storage.LogAsync(id, ("bs", "64"));

        var refused = await Should.ThrowAsync<LogRefusedException>(() => Logged.LogAsync(
            id, new([At("loss", 1, 1)], [KeyValuePair.Create("new", "1"), KeyValuePair.Create("bs", "128")], [KeyValuePair.Create("tag", "1")]), Token));

        refused.Message.ShouldBe($"Changing param values is not allowed. Param with key='bs' was already logged with value='64' for run ID='{id:x32}'. Attempted logging new value '128'.");
        var run = await storage.FindLoggedAsync(id);
        run.Parameters.Keys.Order().ShouldBe(["bs", "kept"]);
        (run.Tags.Count, run.Metrics.Count).ShouldBe((0, 0));
    }

    [Fact]
    public async Task What_is_understood_of_the_parameters_becomes_settings()
    {
        var id = await storage.NewRunAsync();
        await storage.LogAsync(id, ("Model", "ResNet-44"), ("data", "CIFAR10"), ("batch-size", "4096"), ("lr", "0.1"), ("weight_decay", "5e-4"), ("Momentum", "0.9"), ("seed", "-7"), ("epochs", "ten"));

        var spec = (await storage.Runs.FindAsync(id, Token)).ShouldNotBeNull().Spec;
        (spec.Network, spec.Dataset, spec.Batch, spec.Seed, spec.Epochs).ShouldBe(("resnet44", "cifar10", 4096, -7, 0));
        (spec.Parameters.LearningRate, spec.Parameters.WeightDecay, spec.Parameters.Momentum).ShouldBe((0.1, 5e-4, 0.9));
    }

    [Fact]
    public async Task Accuracy_is_the_latest_of_the_metric_that_says_most_and_the_best_that_was_seen()
    {
        var id = await storage.NewRunAsync();
        await storage.LogAsync(id, At("accuracy", 1, 0.9));
        (await AccuracyAsync(id)).ShouldBe("0.9 0.9 0.9");
        await storage.LogAsync(id, At("val_acc", 1, 0.4), At("val_acc", 2, 0.6), At("accuracy", 2, 0.95));
        (await AccuracyAsync(id)).ShouldBe("0.6 0.6 0.6");
        await storage.LogAsync(id, At("val_acc", 3, 0.5), At("val_accuracy", 3, 93.5));
        (await AccuracyAsync(id)).ShouldBe("0.5 0.6 0.5");
    }

    [Fact]
    public async Task A_metric_without_steps_keeps_the_best_although_each_value_replaces_the_last()
    {
        var id = await storage.NewRunAsync();
        foreach (var (i, value) in new[] { 0.5, 0.8, 0.3 }.Index()) await storage.LogAsync(id, new LoggedMetric("accuracy", value, Start + i, 0));
        (await AccuracyAsync(id)).ShouldBe("0.3 0.8 0.3");
        (await storage.HistoryAsync(id, "accuracy")).Select(p => p.Value).ShouldBe([0.5, 0.8, 0.3]);
        await SeriesInvariants.CheckAsync(storage);
    }

    [Fact]
    public async Task A_program_says_how_its_run_stands()
    {
        var id = await storage.NewRunAsync();
        var end = DateTimeOffset.FromUnixTimeMilliseconds(Start + 5000);

        await Logged.ChangeAsync(id, new(RunState.Failed, end, "renamed"), Token);
        var failed = await storage.FindLoggedAsync(id);
        (failed.State, failed.FinishedAt, failed.Name).ShouldBe((RunState.Failed, end, "renamed"));

        await Logged.ChangeAsync(id, new(RunState.Running, null, null), Token);
        var running = await storage.FindLoggedAsync(id);
        (running.State, running.FinishedAt, running.Name).ShouldBe((RunState.Running, null, "renamed"));
        (await storage.Runs.EventsAsync(id, 10, Token)).Select(e => e.Message).ShouldContain("Its program goes on.");

        foreach (var state in new[] { RunState.Paused, RunState.Cancelled, RunState.Succeeded })
        {
            await Logged.ChangeAsync(id, new(state, null, null), Token);
            var run = await storage.FindLoggedAsync(id);
            (run.State, run.FinishedAt is not null).ShouldBe((state, state != RunState.Paused));
        }
        (await storage.LogAsync(id, At("late", 1, 1))).ShouldBeTrue();
        (await storage.FindLoggedAsync(id)).State.ShouldBe(RunState.Succeeded);
    }

    [Fact]
    public async Task An_end_in_the_future_neither_leads_the_failures_nor_counts_on_later_days()
    {
        var (early, late) = (await storage.NewRunAsync(), await storage.NewRunAsync());
        var end = new DateTimeOffset(9999, 12, 30, 0, 0, 0, TimeSpan.Zero);
        await Logged.ChangeAsync(early, new(RunState.Failed, end, null), Token);
        await Logged.ChangeAsync(late, new(RunState.Failed, null, null), Token);
        (await storage.Runs.RecentFailuresAsync(1000, Token)).Select(r => r.Id).Where(id => id == early || id == late).ShouldBe([late, early]);
        (await storage.FindLoggedAsync(early)).FinishedAt.ShouldBe(end);

        var counted = (await storage.Runs.CountsAsync(Token)).FailedToday;
        await storage.CountAsync($"UPDATE runs SET state_since = state_since - interval '2 days' WHERE id = {early} RETURNING 1");
        (await storage.Runs.CountsAsync(Token)).FailedToday.ShouldBe(counted - 1);
    }

    [Fact]
    public async Task Nothing_is_written_to_what_lies_in_the_recycle_bin()
    {
        var experiment = await storage.NewExperimentAsync();
        var id = await storage.NewRunAsync(experiment);
        (await Logged.DeleteAsync(id, Token)).ShouldBeTrue();
        var message = $"The run {id:x32} must be in the 'active' state. Current state is deleted.";

        (await Should.ThrowAsync<LogRefusedException>(() => storage.LogAsync(id, At("loss", 1, 1)))).Message.ShouldBe(message);
        (await Should.ThrowAsync<LogRefusedException>(() => storage.LogAsync(id, ("a", "b")))).Message.ShouldBe(message);
        (await Should.ThrowAsync<LogRefusedException>(() => Logged.DeleteTagAsync(id, "a", Token))).Message.ShouldBe(message);
        (await Should.ThrowAsync<LogRefusedException>(() => Logged.ChangeAsync(id, new(RunState.Running, null, null), Token))).Message.ShouldBe(message);
        (await storage.FindLoggedAsync(id)).DeletedAt.ShouldNotBeNull();

        await storage.Get<IExperiments>().DeleteAsync(experiment, Token);
        await Should.ThrowAsync<LogRefusedException>(() => Logged.RestoreAsync(id, Token));
        await Should.ThrowAsync<LogRefusedException>(() => storage.NewRunAsync(experiment));
        await storage.Get<IExperiments>().RestoreAsync(experiment, Token);
        (await Logged.RestoreAsync(id, Token)).ShouldBeTrue();
        (await storage.FindLoggedAsync(id)).DeletedAt.ShouldBeNull();
        (await storage.LogAsync(id, At("loss", 1, 1))).ShouldBeTrue();
    }

    [Fact]
    public async Task Runs_of_the_product_take_tags_and_nothing_else()
    {
        var (_, runs) = await storage.SubmitAsync(SweepsToTest.Next());
        await storage.Runs.ChangeAsync(runs[0], null, ["plain", "key=old=er"], null, Token);
        await storage.TagAsync(runs[0], "key", "new");
        await storage.TagAsync(runs[0], "mlflow.note.content", "From outside");

        var run = await storage.FindLoggedAsync(runs[0]);
        run.External.ShouldBeFalse();
        run.Tags.OrderBy(t => t.Key).ShouldBe([KeyValuePair.Create("key", "new"), KeyValuePair.Create("plain", "")]);
        run.Notes.ShouldBe("From outside");
        run.Name.ShouldStartWith("F1 SB, batch 128, seed 0");
        (run.Parameters["network"], run.Parameters["batch"], run.Parameters["scaling"], run.Parameters["optimizer"]).ShouldBe(("f1", "128", "sqrt", "sgd"));
        (await storage.Runs.FindAsync(runs[0], Token)).ShouldNotBeNull().Tags.ShouldBe(["plain", "key=new"]);

        (await Logged.DeleteTagAsync(runs[0], "plain", Token)).ShouldBeTrue();
        (await Logged.DeleteTagAsync(runs[0], "plain", Token)).ShouldBeFalse();
        await Should.ThrowAsync<LogRefusedException>(() => storage.LogAsync(runs[0], At("loss", 1, 1)));
        await Should.ThrowAsync<LogRefusedException>(() => storage.LogAsync(runs[0], ("a", "b")));
        await Should.ThrowAsync<LogRefusedException>(() => storage.TagAsync(runs[0], "mlflow.runName", "other"));
        await Should.ThrowAsync<LogRefusedException>(() => Logged.ChangeAsync(runs[0], new(RunState.Succeeded, null, null), Token));
        (await storage.StateAsync(runs[0])).ShouldBe(RunState.Queued);
    }

    [Fact]
    public async Task Many_runs_come_in_the_order_that_was_asked_for()
    {
        var experiment = await storage.NewExperimentAsync();
        List<long> ids = [];
        for (var i = 0; i < 5; i++) ids.Add(await storage.NewRunAsync(experiment, $"run {i}"));
        ids.Reverse();
        (await Logged.FindAsync([ids[0], 0, .. ids[1..]], Token)).Select(r => r.Name).ShouldBe(["run 4", "run 3", "run 2", "run 1", "run 0"]);
        (await storage.Runs.OfSweepAsync(experiment, Token)).Count.ShouldBe(5);
    }

    [Fact]
    public async Task The_runs_of_an_experiment_come_in_pages_that_go_on_where_the_one_before_ended()
    {
        var experiment = await storage.NewExperimentAsync();
        List<long> ids = [];
        for (var i = 0; i < 5; i++) ids.Add(await storage.NewRunAsync(experiment, $"run {i}"));
        await Logged.DeleteAsync(ids[1], Token);
        var first = await storage.Runs.OfSweepAsync(experiment, 2, null, Token);
        first.Select(r => (r.Place, r.Run.Id)).ShouldBe([(0, ids[0]), (2, ids[2])]);
        (await storage.Runs.OfSweepAsync(experiment, 9, first[^1].Place, Token)).Select(r => r.Run.Id).ShouldBe(ids[3..]);
        (await storage.Runs.OfSweepAsync(experiment, 9, 4, Token)).ShouldBeEmpty();
    }

    private async Task<string> AccuracyAsync(long id)
    {
        await using var command = storage.DataSource.CreateCommand($"SELECT concat_ws(' ', final_accuracy, best_accuracy, selected_accuracy) FROM runs WHERE id = {id}");
        return (string)(await command.ExecuteScalarAsync(Token))!;
    }
}
