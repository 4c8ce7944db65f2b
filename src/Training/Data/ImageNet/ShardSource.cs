using static TorchSharp.torch;

namespace Tracker.Training;

/// <summary>
/// Reads a data set from shards. They were verified when they were written; opening them looks at lengths, headers and labels only,
/// since reading a quarter of a terabyte takes its time.
/// </summary>
/// <param name="folders">Where to look.</param>
/// <param name="layout">What must be there.</param>
public sealed class ShardSource(DataFolders folders, ShardLayout layout) : IImageSource
{
    /// <inheritdoc/>
    public IReadOnlyList<LocatedFile> Locate() =>
        [.. layout.TrainingShards.Concat(layout.ValidationShards).Select(s => new LocatedFile(s.Name, folders.Locate(s.Name)))];

    /// <inheritdoc/>
    public IImages LoadTraining(int examples, Device device)
    {
        if (examples > layout.Training) throw new ArgumentOutOfRangeException(nameof(examples), examples, $"There are {layout.Training} training images.");
        return Open([.. layout.TrainingShards.Where(s => s.Start < examples)], examples, device);
    }

    /// <inheritdoc/>
    public IImages LoadValidation(Device device) => Open(layout.ValidationShards, layout.Validation, device);

    /// <inheritdoc/>
    public IEnumerable<string> Verify()
    {
        foreach (var shard in layout.TrainingShards.Concat(layout.ValidationShards))
        {
            var path = folders.Find(shard.Name);
            ImageShard.Verify(path, shard);
            yield return path;
        }
    }

    private ShardImages Open(IReadOnlyList<ShardPlan> shards, int count, Device device) =>
        new([.. shards.Select(s => folders.Find(s.Name))], shards, count, device);
}
