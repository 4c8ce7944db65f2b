using Tracker.Domain;

namespace Tracker.Storage.Tests;

public class TablesTests(StorageFixture storage) : IClassFixture<StorageFixture>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_row_shows_mean_and_spread_of_each_column_as_the_domain_computes_them()
    {
        var sweep = SweepsToTest.Next(seeds: 3) with { LargeBatch = [256], GhostBatch = [64], Methods = Method.TableColumns };
        var (id, runs) = await storage.SubmitAsync(sweep);
        var host = await storage.RegisterHostAsync("host");
        var accuracies = new Dictionary<int, List<double>>();
        foreach (var run in (await storage.Runs.OfSweepAsync(id, Token)).Where(r => r.Spec.Seed < 2))
        {
            var column = run.Spec.Method.TableColumn!.Value;
            var accuracy = 0.80 + (0.01 * column) + (0.0037 * run.Spec.Seed);
            await storage.SucceedAsync(run.Id, host, accuracy);
            accuracies.TryAdd(column, []);
            accuracies[column].Add(100 * accuracy);
        }
        var row = (await storage.Tables.ReadAsync(1, id, Token)).Rows.ShouldHaveSingleItem();
        row.Cells.Select(c => c.Column).ShouldBe([0, 1, 2, 3, 4]);
        foreach (var cell in row.Cells)
        {
            var expected = SeedStatistics.Of(accuracies[cell.Column]).ShouldNotBeNull();
            var found = cell.Statistics.ShouldNotBeNull();
            found.Count.ShouldBe(2);
            found.Mean.ShouldBe(expected.Mean, 1e-9);
            found.StandardDeviation.ShouldNotBeNull().ShouldBe(expected.StandardDeviation!.Value, 1e-9);
            found.Best.ShouldBe(expected.Best, 1e-9);
            (cell.Runs, cell.Queued, cell.Running, cell.Failed).ShouldBe((3, 1, 0, 0));
            cell.RunIds.Count.ShouldBe(3);
            cell.Paper.ShouldBeNull();
        }
        (row.SmallBatch, row.LargeBatch, row.GhostBatch, row.Epochs, row.TrainExamples, row.AllTrainExamples).ShouldBe((128, 256, 64, 2, 1280, 60_000));
        row.BestColumn.ShouldBe(4);
        runs.Count.ShouldBe(15);
    }

    [Fact]
    public async Task An_experiment_that_was_trained_twice_counts_once_with_its_latest_result()
    {
        var sweep = SweepsToTest.Next();
        var (_, first) = await storage.SubmitAsync(sweep);
        var host = await storage.RegisterHostAsync("host");
        await storage.SucceedAsync(first[0], host, 0.5);
        var (again, second) = await storage.SubmitAsync(sweep with { Rerun = true });
        (await CellAsync(sweep)).Statistics.ShouldNotBeNull().Mean.ShouldBe(50);
        await storage.SucceedAsync(second[0], host, 0.75);
        var cell = await CellAsync(sweep);
        cell.Statistics.ShouldBe(new SeedStatistics(1, 75, null, 75));
        cell.RunIds.ShouldBe(second);
        (await storage.Tables.ReadAsync(1, again, Token)).Rows.Single().Cells[0].RunIds.ShouldBe(second);
    }

    [Fact]
    public async Task Runs_with_other_options_make_rows_of_their_own_and_come_back_with_them()
    {
        var usual = SweepsToTest.Next();
        var unusual = usual with { Options = new() { Normalization = NormalizationKind.None }, Optimizer = new() { Kind = OptimizerKind.Lars, Trust = 0.02 } };
        var host = await storage.RegisterHostAsync("host");
        foreach (var (sweep, accuracy) in new[] { (usual, 0.8), (unusual, 0.6) })
            await storage.SucceedAsync((await storage.SubmitAsync(sweep)).RunIds[0], host, accuracy);
        var rows = (await storage.Tables.ReadAsync(1, null, Token)).Rows
            .Where(r => r.Parameters.StartsWith($"rate {usual.LearningRates[0]:R},", StringComparison.Ordinal)).ToList();
        rows.Select(r => (r.Parameters.Contains("no batch normalization, LARS with trust 0.02", StringComparison.Ordinal), r.Cells[0].Statistics!.Mean))
            .ShouldBe([(false, 80), (true, 60)], ignoreOrder: true);
        var stored = await storage.Runs.FindAsync(rows.Single(r => r.Cells[0].Statistics!.Mean < 70).Cells[0].RunIds[0], Token);
        stored.ShouldNotBeNull().Spec.ShouldBe(SweepExpander.Expand(unusual).Runs[0]);
    }

    [Fact]
    public async Task A_cell_holds_the_number_that_the_selection_rule_chose_and_counts_measuring_more_as_the_same_experiment()
    {
        var sweep = SweepsToTest.Next() with { Options = new() { Selection = SelectionRule.Best } };
        var host = await storage.RegisterHostAsync("host");
        var chosen = Results.With(0.7) with { Selected = new("best", SelectedResult.TestSet, 0.9, 50) };
        await storage.SucceedAsync((await storage.SubmitAsync(sweep)).RunIds[0], host, chosen);
        await storage.SucceedAsync(
            (await storage.SubmitAsync(sweep with { Options = sweep.Options with { Diagnostics = new() { Sharpness = true } } })).RunIds[0], host, chosen);
        (await CellAsync(sweep)).Statistics.ShouldBe(new SeedStatistics(1, 90, null, 90));
    }

    [Fact]
    public async Task A_cell_shows_how_far_its_runs_are_and_forgets_cancelled_ones()
    {
        var sweep = SweepsToTest.Next(seeds: 4);
        var (_, runs) = await storage.SubmitAsync(sweep);
        var host = await storage.RegisterHostAsync("host");
        var attempt = await storage.StartAsync(runs[0], host);
        await storage.Writer.FlushAsync(runs[0], attempt.Attempt, new(1, [], new(15, 20, 1.5, 2, 10, 1, null, null, null), null, []), Token);
        var failing = await storage.StartAsync(runs[1], host);
        await storage.Attempts.EndAsync(runs[1], failing.Attempt, new(AttemptOutcome.Failed, 5, null, "nan", FailureKind.Diverged), Token);
        await storage.Runs.CancelAsync(runs[2], Token);
        var cell = await CellAsync(sweep);
        (cell.Runs, cell.Running, cell.Queued, cell.Failed).ShouldBe((3, 1, 1, 1));
        cell.Progress.ShouldBe(0.375, 1e-9);
    }

    [Fact]
    public async Task Table_2_has_the_paper_rows_that_can_be_trained_and_there_is_no_table_3()
    {
        var rows = (await storage.Tables.ReadAsync(2, null, Token)).Rows;
        var trainable = PaperTables.Table2.Count(p => Catalogue.FindNetwork(p.Network)?.Datasets.Contains(p.Dataset) == true);
        rows.Count.ShouldBe(trainable);
        await Should.ThrowAsync<ArgumentOutOfRangeException>(storage.Tables.ReadAsync(3, null, Token));
    }

    private async Task<TableCell> CellAsync(SweepSpec sweep) =>
        (await storage.Tables.ReadAsync(1, null, Token)).Rows
            .Single(r => r.Parameters.StartsWith($"rate {sweep.LearningRates[0]:R},", StringComparison.Ordinal)).Cells[0];
}
