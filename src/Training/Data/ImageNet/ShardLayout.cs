using System.Globalization;

namespace Tracker.Training;

/// <summary>How a data set that is too large for memory is divided into shards.</summary>
/// <param name="Training">Number of training images.</param>
/// <param name="Validation">Number of validation images.</param>
/// <param name="Classes">Number of classes.</param>
/// <param name="Size">Rows and columns of a stored image.</param>
/// <param name="PerShard">Images of a shard; the last one of a set may have fewer.</param>
public sealed record ShardLayout(int Training, int Validation, int Classes, int Size, int PerShard)
{
    /// <summary>ImageNet (ILSVRC 2012): shards of about 490 MB, 513 for training and 20 for validation.</summary>
    public static ShardLayout ImageNet { get; } = new(1_281_167, 50_000, 1000, 256, 2500);

    /// <summary>The shards of the training set.</summary>
    public IReadOnlyList<ShardPlan> TrainingShards => Plan("train", Training);

    /// <summary>The shards of the validation set.</summary>
    public IReadOnlyList<ShardPlan> ValidationShards => Plan("val", Validation);

    private List<ShardPlan> Plan(string set, int images)
    {
        var count = (images + PerShard - 1) / PerShard;
        return [.. Enumerable.Range(0, count).Select(i => new ShardPlan(
            string.Create(CultureInfo.InvariantCulture, $"{set}-{i:0000}-of-{count:0000}.shard"), i * PerShard, Math.Min(PerShard, images - i * PerShard), this))];
    }
}

/// <summary>One shard.</summary>
/// <param name="Name">The file's name.</param>
/// <param name="Start">The first of its images in the set.</param>
/// <param name="Count">How many images it has.</param>
/// <param name="Layout">The layout that it belongs to.</param>
public sealed record ShardPlan(string Name, int Start, int Count, ShardLayout Layout);
