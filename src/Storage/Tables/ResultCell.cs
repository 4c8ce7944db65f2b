using Npgsql;
using Tracker.Domain;
using Tracker.Storage.Database;

namespace Tracker.Storage.Tables;

/// <summary>What the runs of one row of a table have in common, besides batch and ghost batch.</summary>
internal sealed record ResultGroup(
    string Network, string Dataset, int SmallBatch, int Epochs, int TrainExamples,
    double LearningRate, double WeightDecay, double Momentum, double Clip, LearningRateScaling Scaling, string Variant = "")
{
    /// <summary>The settings as people read them; threshold, scaling and the rest only where they are not the usual ones.</summary>
    public string Parameters
    {
        get
        {
            var text = $"rate {LearningRate:R}, decay {WeightDecay:0.#########}, momentum {Momentum:R}";
            if (Clip == 0) text += ", no clipping";
            else if (Math.Abs(Clip - HyperParameters.DefaultClip) > 1e-12) text += $", clip {Clip:R}";
            if (Scaling == LearningRateScaling.None) text += ", rate not scaled";
            else if (Scaling != LearningRateScaling.SquareRoot) text += $", {Scaling.Word()} scaling";
            return Variant.Length == 0 ? text : $"{text}, {Variant}";
        }
    }
}

/// <summary>A row of the function <c>result_cells</c>: the runs of one group, batch, ghost batch and column.</summary>
internal sealed record ResultCell(ResultGroup Group, int Batch, int? GhostBatch, TableCell Cell)
{
    public const string Columns = """
        network, dataset, small_batch, epochs, train_examples, learning_rate, weight_decay, momentum, clip, scaling, variant,
        batch, ghost_batch, table_column, n, mean, deviation, best, runs, running, queued, failed, progress, run_ids
        """;

    public static ResultCell Read(NpgsqlDataReader row)
    {
        var group = new ResultGroup(
            row.GetString(0), row.GetString(1), row.GetInt32(2), row.GetInt32(3), row.GetInt32(4),
            row.GetDouble(5), row.GetDouble(6), row.GetDouble(7), row.GetDouble(8), row.GetEnum<LearningRateScaling>(9), row.GetString(10));
        var statistics = row.GetInt32(14) == 0 ? null : new SeedStatistics(row.GetInt32(14), row.GetDouble(15), row.GetNullable<double>(16), row.GetDouble(17));
        return new(group, row.GetInt32(11), row.GetNullable<int>(12), new(
            row.GetInt16(13), statistics, Paper: null, row.GetInt32(18), row.GetInt32(19), row.GetInt32(20), row.GetInt32(21), row.GetDouble(22),
            row.GetFieldValue<long[]>(23)));
    }
}
