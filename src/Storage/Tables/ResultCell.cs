using Npgsql;
using Tracker.Domain;
using Tracker.Storage.Database;

namespace Tracker.Storage.Tables;

/// <summary>What the runs of one row of a table have in common, besides batch and ghost batch.</summary>
internal sealed record ResultGroup(
    string Network, string Dataset, int SmallBatch, int Epochs, int TrainExamples,
    double LearningRate, double WeightDecay, double Momentum, double Clip, LearningRateScaling Scaling)
{
    /// <summary>The settings as people read them; threshold and scaling only where they are not the usual ones.</summary>
    public string Parameters
    {
        get
        {
            var text = $"rate {LearningRate:R}, decay {WeightDecay:0.#########}, momentum {Momentum:R}";
            if (Clip == 0) text += ", no clipping";
            else if (Math.Abs(Clip - HyperParameters.DefaultClip) > 1e-12) text += $", clip {Clip:R}";
            return Scaling == LearningRateScaling.Linear ? $"{text}, linear scaling" : text;
        }
    }
}

/// <summary>A row of the function <c>result_cells</c>: the runs of one group, batch, ghost batch and column.</summary>
internal sealed record ResultCell(ResultGroup Group, int Batch, int? GhostBatch, TableCell Cell)
{
    public const string Columns = """
        network, dataset, small_batch, epochs, train_examples, learning_rate, weight_decay, momentum, clip, scaling,
        batch, ghost_batch, table_column, n, mean, deviation, best, runs, running, queued, failed, progress, run_ids
        """;

    public static ResultCell Read(NpgsqlDataReader row)
    {
        var group = new ResultGroup(
            row.GetString(0), row.GetString(1), row.GetInt32(2), row.GetInt32(3), row.GetInt32(4),
            row.GetDouble(5), row.GetDouble(6), row.GetDouble(7), row.GetDouble(8), row.GetEnum<LearningRateScaling>(9));
        var statistics = row.GetInt32(13) == 0 ? null : new SeedStatistics(row.GetInt32(13), row.GetDouble(14), row.GetNullable<double>(15), row.GetDouble(16));
        return new(group, row.GetInt32(10), row.GetNullable<int>(11), new(
            row.GetInt16(12), statistics, Paper: null, row.GetInt32(17), row.GetInt32(18), row.GetInt32(19), row.GetInt32(20), row.GetDouble(21),
            row.GetFieldValue<long[]>(22)));
    }
}
