using Tracker.Domain;

namespace Tracker.Storage.Tables;

/// <summary>Lays cells out as the paper does. A pure function of the cells.</summary>
internal static class TableBuilder
{
    private const int Columns = 5;

    /// <summary>The index of +GBN: this column and the one after it depend on the ghost batch.</summary>
    private const int FirstGhostColumn = 3;

    public static IReadOnlyList<TableRow> Build(int number, IEnumerable<ResultCell> cells, bool withPaperRows)
    {
        var paper = number == 1 ? PaperTables.Table1 : PaperTables.Table2;
        var rows = cells.GroupBy(c => c.Group).SelectMany(g => RowsOf(number, g.Key, [.. g], paper)).ToList();
        if (withPaperRows) rows.AddRange(paper.Where(p => !rows.Exists(r => IsRowOf(number, p, r.Network, r.Dataset, r.LargeBatch))).Select(EmptyRow).OfType<TableRow>());
        return [.. rows
            .OrderBy(r => PlaceInPaper(number, paper, r))
            .ThenBy(r => Place(Catalogue.Networks.Select(n => n.Name), r.Network)).ThenBy(r => Place(Catalogue.Datasets.Select(d => d.Name), r.Dataset))
            .ThenByDescending(r => r.TrainExamples).ThenByDescending(r => r.Epochs).ThenBy(r => r.SmallBatch)
            .ThenBy(r => r.LargeBatch ?? 0).ThenBy(r => r.GhostBatch ?? 0).ThenBy(r => r.Parameters, StringComparer.Ordinal)];
    }

    /// <summary>One row per large and ghost batch; the small batch stands in each. Without a large batch there is one row.</summary>
    private static IEnumerable<TableRow> RowsOf(int number, ResultGroup shared, IReadOnlyList<ResultCell> cells, IReadOnlyList<PaperRow> paper)
    {
        var small = cells.FirstOrDefault(c => c.Cell.Column == 0);
        var large = cells.Where(c => c.Cell.Column > 0).ToLookup(c => c.Batch);
        if (large.Count == 0) return [Row(number, shared, null, null, [small?.Cell], paper)];
        return
            from batch in large
            from ghost in batch.Where(c => c.GhostBatch is not null).Select(c => c.GhostBatch).Distinct().DefaultIfEmpty(null)
            let inRow = batch.Where(c => c.Cell.Column < FirstGhostColumn || c.GhostBatch == ghost).Select(c => c.Cell)
            select Row(number, shared, batch.Key, ghost, [small?.Cell, .. inRow], paper);
    }

    private static TableRow Row(int number, ResultGroup shared, int? largeBatch, int? ghostBatch, IReadOnlyList<TableCell?> present, IReadOnlyList<PaperRow> paper)
    {
        var printed = paper.FirstOrDefault(p => IsRowOf(number, p, shared.Network, shared.Dataset, largeBatch));
        var cells = Enumerable.Range(0, Columns)
            .Select(column => (present.FirstOrDefault(c => c?.Column == column) ?? Empty(column)) with { Paper = printed?.Columns[column] })
            .ToList();
        var dataset = Catalogue.FindDataset(shared.Dataset);
        return new(
            shared.Network, Catalogue.FindNetwork(shared.Network)?.Title ?? shared.Network, shared.Dataset, dataset?.Title ?? shared.Dataset,
            shared.SmallBatch, largeBatch, ghostBatch, shared.Epochs, shared.TrainExamples, dataset?.TrainExamples ?? shared.TrainExamples,
            shared.Parameters, cells, Best(cells));
    }

    /// <summary>A row of the paper that nothing was trained for yet, when it could be.</summary>
    private static TableRow? EmptyRow(PaperRow paper)
    {
        if (Catalogue.FindNetwork(paper.Network) is not { } network || Catalogue.FindDataset(paper.Dataset) is not { } dataset) return null;
        if (!network.Datasets.Contains(dataset.Name, StringComparer.Ordinal)) return null;
        var regime = network.Regime;
        var shared = new ResultGroup(
            network.Name, dataset.Name, network.SmallBatch, (int)Math.Ceiling(regime.Epochs), dataset.TrainExamples,
            regime.Phases[0].LearningRate, regime.WeightDecay, regime.Momentum, HyperParameters.DefaultClip, LearningRateScaling.SquareRoot);
        var cells = Enumerable.Range(0, Columns).Select(column => Empty(column) with { Paper = paper.Columns[column] }).ToList();
        return new(
            network.Name, network.Title, dataset.Name, dataset.Title, network.SmallBatch, paper.LargeBatch, null, shared.Epochs,
            dataset.TrainExamples, dataset.TrainExamples, shared.Parameters, cells, null);
    }

    /// <summary>Table 1 has one row per network and data set; Table 2 tells its rows apart by the large batch.</summary>
    private static bool IsRowOf(int number, PaperRow paper, string network, string dataset, int? largeBatch) =>
        paper.Network == network && paper.Dataset == dataset && (number == 1 || paper.LargeBatch == largeBatch);

    private static TableCell Empty(int column) => new(column, null, null, 0, 0, 0, 0, 0, []);

    private static int? Best(List<TableCell> cells) => cells
        .Where(c => c.Statistics is { Count: >= 2 })
        .OrderByDescending(c => c.Statistics!.Mean)
        .Select(c => (int?)c.Column).FirstOrDefault();

    private static int PlaceInPaper(int number, IReadOnlyList<PaperRow> paper, TableRow row) =>
        paper.Index().Where(p => IsRowOf(number, p.Item, row.Network, row.Dataset, row.LargeBatch)).Select(p => p.Index).DefaultIfEmpty(int.MaxValue).First();

    private static int Place(IEnumerable<string> names, string name) =>
        names.Index().Where(n => n.Item == name).Select(n => n.Index).DefaultIfEmpty(int.MaxValue).First();
}
