using Tracker.Domain;
using static Tracker.Storage.Tests.External.ReportFixtures;

namespace Tracker.Storage.Tests.External;

public class LeaderboardTests(StorageFixture storage) : IClassFixture<StorageFixture>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Runs_from_outside_stand_beside_ours_in_rows_of_their_own()
    {
        var sweep = SweepsToTest.Next(seeds: 2) with { Dataset = "cifar10", Network = "c1", Methods = [Method.SmallBatchOnly] };
        var (_, own) = await storage.SubmitAsync(sweep);
        var host = await storage.RegisterHostAsync("host");
        foreach (var run in own) await storage.SucceedAsync(run, host, 0.8);
        var ours = (await BoardAsync("c1", "cifar10")).Rows.ShouldHaveSingleItem();

        var settings = ours.Settings;
        (string, string)[] same =
        [
            ("method", "sb"), ("batch_size", $"{settings.Batch}"), ("epochs", $"{settings.Epochs}"), ("lr", $"{settings.LearningRate:R}"),
            ("momentum", $"{settings.Momentum:R}"), ("weight_decay", $"{settings.WeightDecay:R}"),
        ];
        var first = await ReportAsync("c1", "cifar10", 0.9, [.. same, ("seed", "1")]);
        var second = await ReportAsync("c1", "cifar10", 0.94, [.. same, ("seed", "2")]);
        var board = await BoardAsync("c1", "cifar10");

        board.Rows.Count.ShouldBe(2);
        board.Rows[1].ShouldBe(ours with { RunIds = board.Rows[1].RunIds, Owners = board.Rows[1].Owners, Target = board.Rows[1].Target });
        var outside = board.Rows[0];
        (outside.Settings.Outside, outside.Settings.HasMethod, outside.Settings.Batch, outside.Settings.LearningRate).ShouldBe(("sb", true, settings.Batch, settings.LearningRate));
        outside.Settings.Id.ShouldNotBe(settings.Id);
        outside.RunIds.ShouldBe([first, second]);
        outside.Accuracy.Mean.ShouldBe(0.92, 1e-12);
        outside.Accuracy.StandardDeviation.ShouldNotBeNull().ShouldBe(0.02 * Math.Sqrt(2), 1e-12);
        (outside.Target, outside.TrainSeconds, outside.SamplesPerSecond).ShouldBe((TargetTimes.None, null, null));
        board.Parts.ShouldBe([new(settings.TrainExamples, 1)]);
        board.Target.ShouldNotBeNull().Accuracy.ShouldBe(0.8);
        (await storage.Leaderboards.BoardsAsync(Token)).ShouldContain(new Board("c1", "cifar10", 4, 2));
    }

    [Fact]
    public async Task They_are_told_apart_by_what_is_known_of_them()
    {
        await ReportAsync("mine", "own/data", 0.5, ("method", "Sharpness"), ("lr", "0.1"));
        await ReportAsync("mine", "own/data", 0.6, ("method", "Sharpness"), ("lr", "0.2"));
        await ReportAsync("mine", "own/data", 0.7, ("batch_size", "64"));
        await ReportAsync("mine", "own/data", 0.9, ("batch_size", "64"));
        await ReportAsync("mine", "own/data", 0.1, ("batch_size", "128"), ("seed", "3"));
        await ReportAsync("mine", "own/data", 0.3, ("batch_size", "128"), ("seed", "3"));
        var board = await BoardAsync("mine", "own/data");

        board.Rows.Select(r => (r.Settings.Outside, r.Settings.HasMethod, r.Settings.Batch, r.Settings.LearningRate, r.Accuracy.Count, Math.Round(r.Accuracy.Mean, 9))).ShouldBe(
        [
            ("logged", false, 64, 0, 2, 0.8), ("Sharpness", false, 0, 0.2, 1, 0.6), ("Sharpness", false, 0, 0.1, 1, 0.5), ("logged", false, 128, 0, 1, 0.3),
        ]);
        board.Rows.Select(r => r.Settings.Id).ShouldBeUnique();
        (board.Parts.Count, board.Part, board.Target?.Accuracy).ShouldBe((0, null, 0.5));
    }

    [Fact]
    public async Task Only_finished_runs_count_whose_accuracy_and_subject_are_known()
    {
        var running = await storage.NewRunAsync();
        await storage.LogAsync(running, ("network", "f9"), ("dataset", "mnist"));
        await storage.LogAsync(running, At("val_acc", 1, 0.9));
        await FinishAsync(running, RunState.Failed);
        var blind = await storage.NewRunAsync();
        await storage.LogAsync(blind, ("network", "f9"), ("dataset", "mnist"));
        await FinishAsync(blind, RunState.Succeeded);
        var nameless = await storage.NewRunAsync();
        await storage.LogAsync(nameless, At("val_acc", 1, 0.9));
        await FinishAsync(nameless, RunState.Succeeded);

        (await BoardAsync("f9", "mnist")).Rows.ShouldBeEmpty();
        (await storage.Leaderboards.BoardsAsync(Token)).ShouldAllBe(b => b.Network != "f9" && b.Network.Length > 0);
    }

    private Task<Leaderboard> BoardAsync(string network, string dataset) => storage.Leaderboards.ReadAsync(new(network, dataset), Token);

    private Task<bool> FinishAsync(long run, RunState state) => storage.Get<ILoggedRuns>().ChangeAsync(run, new(state, null, null), Token);

    private async Task<long> ReportAsync(string network, string dataset, double accuracy, params (string Key, string Value)[] parameters)
    {
        var run = await storage.NewRunAsync();
        await storage.LogAsync(run, [("network", network), ("dataset", dataset), .. parameters]);
        await storage.LogAsync(run, At("val_acc", 1, accuracy));
        await FinishAsync(run, RunState.Succeeded);
        return run;
    }
}
