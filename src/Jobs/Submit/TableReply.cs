namespace Tracker.Jobs.Submit;

/// <summary>A table of results as the REST interface answers it; accuracies in percent.</summary>
internal sealed record TableReply(string Title, IReadOnlyList<string> Columns, IReadOnlyList<TableReply.Row> Rows)
{
    internal sealed record Row(
        string NetworkTitle, string DatasetTitle, int SmallBatch, int? LargeBatch, int? GhostBatch, int Epochs, int TrainExamples, int AllTrainExamples,
        string Parameters, IReadOnlyList<Cell> Cells);

    internal sealed record Cell(int Seeds, double? MeanPercent, double? StdPercent, double? PaperPercent, int Runs, int Failed, double Progress);
}
