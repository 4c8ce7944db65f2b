using Tracker.Storage.Database;

namespace Tracker.Storage.Tables;

/// <inheritdoc cref="ITables" />
internal sealed class TablesService(TrackerDatabase database) : ITables
{
    private static readonly string[] s_titles =
    [
        "Table 1. Validation accuracy (%) of small and large batches, with the techniques added one by one",
        "Table 2. ImageNet top-1 validation accuracy (%) of small and large batches, with the techniques added one by one",
    ];

    public async Task<ResultTable> ReadAsync(int number, long? sweepId, CancellationToken cancellationToken)
    {
        if (number is not (1 or 2)) throw new ArgumentOutOfRangeException(nameof(number), number, "There are table 1 and table 2.");
        var sql = sweepId is null
            ? $"SELECT {ResultCell.Columns} FROM table_{number}"
            : $"SELECT {ResultCell.Columns} FROM result_cells(@sweep) WHERE (dataset = 'imagenet') = {(number == 2 ? "true" : "false")}";
        var cells = await database.QueryAsync(sql, ResultCell.Read, cancellationToken, sweepId is { } sweep ? [("sweep", sweep)] : []);
        return new(number, s_titles[number - 1], TableBuilder.Build(number, cells, withPaperRows: sweepId is null));
    }
}
