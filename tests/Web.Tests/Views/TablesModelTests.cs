using Tracker.Domain;
using Tracker.Storage;
using Tracker.Web.Views;

namespace Tracker.Web.Tests.Views;

public sealed class TablesModelTests
{
    [Fact]
    public void A_finished_cell_shows_mean_spread_count_and_the_difference_to_the_paper()
    {
        var (model, row) = Model("mnist", Cell(0, [98.31, 98.41], paper: 98.27), Cell(1, [97.12], paper: 97.05));
        var cell = model.Cell(row, row.Cells[0]);
        cell.Mean!.Value.ShouldBe(0.9836, 1e-9);
        (cell.Done, cell.Total, cell.Paper, cell.PaperNote).ShouldBe((2, 2, "98.27", null));
        cell.Difference!.Value.ShouldBe(0.0009, 1e-9);
        cell.DifferenceCss.ShouldBe("");
        cell.Best.ShouldBeTrue();
        model.Cell(row, row.Cells[1]).Std.ShouldBeNull();
    }

    [Fact]
    public void A_difference_past_two_deviations_has_a_side()
    {
        var (model, row) = Model("mnist", Cell(0, [99.30, 99.31], paper: 98.27), Cell(1, [90.00, 90.01], paper: 97.05));
        model.Cell(row, row.Cells[0]).DifferenceCss.ShouldBe("above");
        model.Cell(row, row.Cells[1]).DifferenceCss.ShouldBe("below");
    }

    [Fact]
    public void On_other_data_the_papers_number_stands_with_a_footnote_and_without_a_difference()
    {
        var (model, row) = Model("fashion-mnist", Cell(0, [88.5, 88.6], paper: null));
        var cell = model.Cell(row, row.Cells[0]);
        (cell.Paper, cell.PaperNote, cell.Difference).ShouldBe(("98.27", "a", null));
        model.IsOtherData(row).ShouldBeTrue();
    }

    [Fact]
    public void A_running_cell_is_as_far_as_all_its_runs_together()
    {
        var (model, row) = Model("fashion-mnist", Cell(0, [88.5, 88.6], paper: null) with { Runs = 4, Running = 1, Queued = 1, Progress = 0.25 });
        model.Cell(row, row.Cells[0]).Progress.ShouldBe(0.625, 1e-9);
        model.Summary.ShouldBe("0 of 5 cells complete, 1 running, 4 missing");
    }

    [Fact]
    public void A_cell_leads_to_its_run_or_its_runs_or_nowhere()
    {
        var (model, row) = Model("fashion-mnist", Cell(0, [88.5, 88.6], paper: null), Cell(1, [80], paper: null));
        model.Cell(row, row.Cells[0]).Href.ShouldBe("runs?ids=1,2");
        model.Cell(row, row.Cells[1]).Href.ShouldBe("runs/1");
        model.Cell(row, row.Cells[2]).Href.ShouldBeNull();
    }

    [Fact]
    public void Filters_leave_rows_out_and_keep_what_can_be_chosen()
    {
        var (model, row) = Model("mnist", Cell(0, [98.31], paper: 98.27));
        var empty = row with { Network = "c1", NetworkTitle = "C1", Dataset = "cifar10", DatasetTitle = "CIFAR-10", Cells = [.. row.Cells.Select(cell => cell with { Runs = 0, RunIds = [] })] };
        model = new(model.Table with { Rows = [row, empty] }, null);

        model.Only("c1", null, begun: false).Table.Rows.ShouldBe([empty]);
        model.Only(null, "mnist", begun: false).Table.Rows.ShouldBe([row]);
        model.Only(null, null, begun: true).Table.Rows.ShouldBe([row]);
        var none = model.Only("c1", "mnist", begun: false);
        (none.Table.Rows.Count, none.AllRows, none.Networks.Count, none.Datasets.Count).ShouldBe((0, 2, 2, 2));
    }

    [Fact]
    public void Rows_that_are_alike_tell_what_sets_them_apart()
    {
        var (model, row) = Model("mnist", Cell(0, [98.31], paper: 98.27));
        var other = row with { Parameters = "rate 0.05", GhostBatch = 64 };
        model = new(model.Table with { Rows = [row, other, row with { Epochs = 9 }] }, null);

        model.Table.Rows.Select(model.Details).ShouldBe(["50 epochs, ghost 128, rate 0.1", "50 epochs, ghost 64, rate 0.05", "9 epochs"]);
    }

    [Fact]
    public void Gaps_are_differences_to_the_small_batch()
    {
        var (model, row) = Model("fashion-mnist", Cell(0, [88, 88], paper: null), Cell(1, [80, 80], paper: null));
        TablesModel.OurGap(row).ShouldBe([0, -0.08, null, null, null]);
        model.PaperGap(row)[1]!.Value.ShouldBe(-0.0122, 1e-9);
    }

    private static TableCell Cell(int column, double[] values, double? paper) =>
        new(column, SeedStatistics.Of(values), paper, values.Length, 0, 0, 0, 0, [.. Enumerable.Range(1, values.Length).Select(id => (long)id)]);

    private static (TablesModel, TableRow) Model(string dataset, params TableCell[] present)
    {
        var cells = Enumerable.Range(0, 5).Select(column => present.FirstOrDefault(cell => cell.Column == column) ?? new TableCell(column, null, null, 0, 0, 0, 0, 0, [])).ToArray();
        var row = new TableRow("f1", "F1", dataset, dataset, 128, 4096, 128, 50, 60_000, 60_000, "rate 0.1", cells, BestColumn: 0);
        return (new TablesModel(new ResultTable(1, "Table 1", [row]), null), row);
    }
}
