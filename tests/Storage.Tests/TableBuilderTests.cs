using Tracker.Domain;
using Tracker.Storage.Tables;

namespace Tracker.Storage.Tests;

public class TableBuilderTests
{
    private static readonly ResultGroup s_f1 = new("f1", "fashion-mnist", 128, 50, 60_000, 0.1, 1e-4, 0.9, 5, LearningRateScaling.SquareRoot);

    [Fact]
    public void The_small_batch_stands_in_the_row_of_every_large_batch_and_ghost_batch()
    {
        var rows = TableBuilder.Build(1,
        [
            Cell(s_f1, 128, null, 0), Cell(s_f1, 1024, null, 1), Cell(s_f1, 4096, null, 1),
            Cell(s_f1, 4096, 64, 3), Cell(s_f1, 4096, 128, 3), Cell(s_f1, 4096, 128, 4),
        ], withPaperRows: false);
        rows.Select(r => (r.LargeBatch, r.GhostBatch)).ShouldBe([(1024, null), (4096, 64), (4096, 128)]);
        rows.ShouldAllBe(r => r.Cells[0].Runs == 1 && r.Cells[1].Runs == 1);
        rows.Select(r => (r.Cells[3].Runs, r.Cells[4].Runs)).ShouldBe([(0, 0), (1, 0), (1, 1)]);
    }

    [Fact]
    public void A_group_with_only_the_small_batch_has_one_row()
    {
        var row = TableBuilder.Build(1, [Cell(s_f1, 128, null, 0)], withPaperRows: false).ShouldHaveSingleItem();
        row.LargeBatch.ShouldBeNull();
        row.Cells.Count.ShouldBe(5);
    }

    [Fact]
    public void Settings_that_differ_make_different_rows_and_are_told()
    {
        var rows = TableBuilder.Build(1,
        [
            Cell(s_f1, 128, null, 0),
            Cell(s_f1 with { Clip = 0 }, 128, null, 0),
            Cell(s_f1 with { Clip = 1, Scaling = LearningRateScaling.Linear }, 128, null, 0),
        ], withPaperRows: false);
        rows.Select(r => r.Parameters).ShouldBe(
        [
            "rate 0.1, decay 0.0001, momentum 0.9",
            "rate 0.1, decay 0.0001, momentum 0.9, clip 1, linear scaling",
            "rate 0.1, decay 0.0001, momentum 0.9, no clipping",
        ], ignoreOrder: true);
    }

    [Fact]
    public void The_paper_numbers_stand_only_beside_its_own_network_and_data()
    {
        var mnist = s_f1 with { Dataset = "mnist" };
        var rows = TableBuilder.Build(1, [Cell(s_f1, 128, null, 0), Cell(mnist, 1024, null, 1)], withPaperRows: false);
        rows[0].Dataset.ShouldBe("mnist");
        rows[0].Cells.Select(c => c.Paper).ShouldBe([98.27, 97.05, 97.55, 97.60, 98.53]);
        rows[1].Cells.ShouldAllBe(c => c.Paper == null);
    }

    [Fact]
    public void In_table_2_the_large_batch_decides_which_numbers_of_the_paper_stand_there()
    {
        var imagenet = s_f1 with { Network = "alexnet", Dataset = "imagenet" };
        var rows = TableBuilder.Build(2, [Cell(imagenet, 8192, null, 1), Cell(imagenet, 4096, null, 1), Cell(imagenet, 2048, null, 1)], withPaperRows: false);
        rows.Select(r => (r.LargeBatch, r.Cells[3].Paper)).ShouldBe([(4096, 54.92), (8192, 53.93), (2048, null)]);
    }

    [Fact]
    public void The_best_column_needs_two_seeds()
    {
        var row = TableBuilder.Build(1,
        [
            Cell(s_f1, 128, null, 0, new(2, 90, 0.1, 91)), Cell(s_f1, 1024, null, 1, new(1, 99, null, 99)), Cell(s_f1, 1024, null, 2, new(2, 89, 0.1, 95)),
        ], withPaperRows: false).ShouldHaveSingleItem();
        row.BestColumn.ShouldBe(0);
    }

    private static ResultCell Cell(ResultGroup group, int batch, int? ghost, int column, SeedStatistics? statistics = null) =>
        new(group, batch, ghost, new(column, statistics, null, 1, 0, 1, 0, 0, [1]));
}
