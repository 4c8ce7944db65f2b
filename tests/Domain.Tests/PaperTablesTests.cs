namespace Tracker.Domain.Tests;

public sealed class PaperTablesTests
{
    [Fact]
    public void Table_1_has_six_rows_of_five_columns_as_printed()
    {
        PaperTables.Table1.Count.ShouldBe(6);
        PaperTables.Table1.ShouldAllBe(r => r.Columns.Count == Method.TableColumns.Count);
        PaperTables.Table1[0].Columns.ShouldBe([98.27, 97.05, 97.55, 97.60, 98.53]);
        PaperTables.Table1.Sum(r => r.Columns.Sum()).ShouldBe(2469.33, 1e-9);
    }

    [Fact]
    public void Table_2_has_the_two_large_batches_of_ImageNet() =>
        PaperTables.Table2.Select(r => r.LargeBatch).ShouldBe([4096, 8192]);

    [Fact]
    public void Every_network_of_the_catalogue_names_data_sets_that_exist_and_starts_its_regime_at_epoch_0()
    {
        foreach (var network in Catalogue.Networks)
        {
            network.Datasets.ShouldAllBe(d => Catalogue.FindDataset(d) != null);
            network.Regime.Phases[0].StartEpoch.ShouldBe(0);
            network.Regime.Phases.Select(p => p.StartEpoch).ShouldBeInOrder();
        }
    }
}
