using Tracker.Domain;

namespace Tracker.Storage.Tests;

public class LeaderboardTests(StorageFixture storage) : IClassFixture<StorageFixture>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Seeds_are_averaged_and_variants_stand_apart()
    {
        var usual = Sweep("cifar10", "c1", seeds: 2);
        var host = await storage.RegisterHostAsync("host");
        var first = await TrainAsync(usual, host, 0.80, 0.82);
        await TrainAsync(usual with { Options = new() { Normalization = NormalizationKind.None } }, host, 0.70, 0.74);
        var rows = (await storage.Leaderboards.ReadAsync(new("c1", "cifar10"), Token)).Rows;

        rows.Select(r => r.Settings.Variant).ShouldBe(["", "no batch normalization"]);
        rows[0].Accuracy.Mean.ShouldBe(0.81, 1e-12);
        rows[0].Accuracy.StandardDeviation.ShouldNotBeNull().ShouldBe(0.01 * Math.Sqrt(2), 1e-12);
        (rows[0].Accuracy.Count, rows[0].Accuracy.Best, rows[0].Unfinished, rows[0].Failed).ShouldBe((2, 0.82, 0, 0));
        rows[0].RunIds.ShouldBe(first);
        rows[0].Settings.Id.ShouldNotBe(rows[1].Settings.Id);
        rows[0].TrainSeconds.ShouldBe(10);
        rows[0].SamplesPerSecond.ShouldBe(1000);
        (await storage.Leaderboards.BoardsAsync(Token)).ShouldContain(new Board("c1", "cifar10", 4));
    }

    [Fact]
    public async Task An_experiment_counts_once_by_its_latest_finished_run_and_what_is_not_finished_is_counted_beside()
    {
        var sweep = Sweep("cifar100", "c3", seeds: 3);
        var host = await storage.RegisterHostAsync("host");
        await TrainAsync(sweep, host, 0.5, 0.6);
        var (_, again) = await storage.SubmitAsync(sweep with { Rerun = true });
        await storage.SucceedAsync(again[0], host, 0.7);
        var row = (await storage.Leaderboards.ReadAsync(new("c3", "cifar100"), Token)).Rows.ShouldHaveSingleItem();

        (row.Accuracy.Count, row.Unfinished).ShouldBe((2, 1));
        row.Accuracy.Mean.ShouldBe(0.65, 1e-12);
        row.RunIds[0].ShouldBe(again[0]);
    }

    [Fact]
    public async Task The_target_is_reached_at_the_first_evaluation_that_is_no_lower()
    {
        var host = await storage.RegisterHostAsync("host");
        var (_, runs) = await storage.SubmitAsync(Sweep("mnist", "f1", seeds: 3));
        await EvaluateAsync(runs[0], host, [(10, 1000, 0.5), (20, 2000, 0.75), (30, 3000, 0.6), (40, 4000, 0.9)]);
        await EvaluateAsync(runs[1], host, [(10, 500, 0.7), (20, 1500, 0.74), (30, 2500, 0.75), (40, 3500, 0.8)]);
        await EvaluateAsync(runs[2], host, [(10, 500, 0.7), (20, 1500, 0.74)]);
        var query = new LeaderboardQuery("f1", "mnist") { Target = 0.75 };
        var times = (await storage.Leaderboards.ReadAsync(query, Token)).Rows.ShouldHaveSingleItem().Target;

        (times.Reached, times.Steps, times.Seconds).ShouldBe((2, 25, 2.25));
        times.StepsDeviation.ShouldNotBeNull().ShouldBe(Math.Sqrt(50), 1e-9);
        (await storage.Leaderboards.ReadAsync(query with { Target = 0.95 }, Token)).Rows[0].Target.ShouldBe(TargetTimes.None);

        await storage.ShareAsync(runs[0]);
        var alone = (await storage.Leaderboards.ReadAsync(query, Token)).Rows[0];
        (alone.Target.Reached, alone.Target.Steps, alone.Target.Seconds, alone.Shared).ShouldBe((2, 25, 2.5, 1));
        (await storage.Leaderboards.ReadAsync(query with { SharedSeconds = true }, Token)).Rows[0].Target.Seconds.ShouldBe(2.25);
    }

    [Fact]
    public async Task Without_a_choice_the_target_is_what_the_small_batch_reaches_on_the_largest_part_of_the_data()
    {
        var host = await storage.RegisterHostAsync("host");
        var small = Sweep("fashion-mnist", "f1", seeds: 2) with { LargeBatch = [256], Methods = [Method.SmallBatchOnly, Method.TableColumns[1]] };
        await TrainAsync(small, host, 0.9012, 0.80, 0.9032, 0.81);
        await TrainAsync(small with { TrainExamples = 2560 }, host, 0.96, 0.95, 0.96, 0.95);
        var board = await storage.Leaderboards.ReadAsync(new("f1", "fashion-mnist"), Token);

        board.Parts.ShouldBe([new(2560, 2), new(1280, 2)]);
        board.Part.ShouldBe(2560);
        board.Rows.ShouldAllBe(r => r.Settings.TrainExamples == 2560);
        board.Target.ShouldNotBeNull().Accuracy.ShouldBe(0.96);

        var part = await storage.Leaderboards.ReadAsync(new("f1", "fashion-mnist") { TrainExamples = 1280 }, Token);
        part.Target.ShouldNotBeNull().Accuracy.ShouldBe(0.9); // 0.9022 − 0.0014 = 0.9008
        (await storage.Leaderboards.ReadAsync(new("f1", "fashion-mnist") { AllParts = true }, Token)).Rows.Count.ShouldBe(4);
    }

    [Fact]
    public async Task Where_nothing_has_finished_there_are_no_rows_and_no_target()
    {
        await storage.SubmitAsync(Sweep("cifar10", "resnet44", seeds: 1));
        var board = await storage.Leaderboards.ReadAsync(new("resnet44", "cifar10"), Token);
        (board.Rows.Count, board.Parts.Count, board.Part, board.Target).ShouldBe((0, 0, null, null));
    }

    private static SweepSpec Sweep(string dataset, string network, int seeds) => SweepsToTest.Next(seeds: seeds) with { Dataset = dataset, Network = network };

    private async Task<IReadOnlyList<long>> TrainAsync(SweepSpec sweep, long host, params IReadOnlyList<double> accuracies)
    {
        var (_, runs) = await storage.SubmitAsync(sweep);
        foreach (var (run, accuracy) in runs.Zip(accuracies)) await storage.SucceedAsync(run, host, accuracy);
        return runs;
    }

    private async Task EvaluateAsync(long run, long host, (long Step, long Milliseconds, double Accuracy)[] evaluations)
    {
        var attempt = await storage.StartAsync(run, host);
        var points = evaluations.Select(e => new MetricPoint(e.Step, e.Step / 10.0, MetricNames.ValidationAccuracy, e.Milliseconds, e.Accuracy)).ToList();
        await storage.Writer.FlushAsync(run, attempt.Attempt, new(1, points, null, null, []), Token);
        var best = evaluations.Max(e => e.Accuracy);
        await storage.Attempts.SucceedAsync(run, attempt.Attempt, Results.With(evaluations[^1].Accuracy) with { BestValidationAccuracy = best }, Token);
    }
}
