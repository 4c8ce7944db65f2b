using static TorchSharp.torch;

namespace Tracker.Training;

/// <summary>
/// Images in memory-mapped shards: only labels are held on the training device, batches are copied from the mapped files, and the
/// operating system keeps in memory what memory there is for.
/// </summary>
public sealed class ShardImages : IImages
{
    private readonly List<ImageShard> _shards = [];
    private readonly ShardLayout _layout;
    private readonly Device _device;
    private byte[] _buffer = [];
    private Task _fetching = Task.CompletedTask;

    /// <summary>Opens shards.</summary>
    /// <param name="paths">The files.</param>
    /// <param name="plans">What they must be; together the first images of a set.</param>
    /// <param name="count">How many of the images to use.</param>
    /// <param name="device">The training device.</param>
    /// <exception cref="DataException">A shard is missing or something else.</exception>
    public ShardImages(IReadOnlyList<string> paths, IReadOnlyList<ShardPlan> plans, int count, Device device)
    {
        ArgumentNullException.ThrowIfNull(paths);
        ArgumentNullException.ThrowIfNull(plans);
        (_layout, _device) = (plans[0].Layout, device);
        try
        {
            for (var i = 0; i < paths.Count; i++) _shards.Add(ImageShard.Open(paths[i], plans[i]));
            var labels = _shards.SelectMany(s => s.Labels()).Take(count).Select(l => (long)l).ToArray();
            Labels = tensor(labels, device: device).DetachFromDisposeScope();
        }
        catch
        {
            foreach (var shard in _shards) shard.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public int Count => (int)Labels.shape[0];

    /// <inheritdoc/>
    public Tensor Labels { get; }

    /// <inheritdoc/>
    public Tensor Select(Tensor indexes)
    {
        ArgumentNullException.ThrowIfNull(indexes);
        using var onHost = indexes.cpu();
        return Copy(onHost.data<long>().ToArray());
    }

    /// <inheritdoc/>
    public Tensor Range(int start, int count) => Copy([.. Enumerable.Range(start, count).Select(i => (long)i)]);

    /// <summary>Has the operating system read the images' pages into its cache, while the training computes.</summary>
    public void Expect(Func<Tensor> indexes)
    {
        ArgumentNullException.ThrowIfNull(indexes);
        _fetching.GetAwaiter().GetResult();
        using var scope = NewDisposeScope();
        var wanted = indexes().cpu().data<long>().ToArray();
        _fetching = Task.Run(() => Parallel.ForEach(wanted, index => At(index).Shard.Touch(At(index).Place)));
    }

    /// <summary>Closes the shards.</summary>
    public void Dispose()
    {
        // It reads from files that are closed next.
        _fetching.GetAwaiter().GetResult();
        Labels.Dispose();
        foreach (var shard in _shards) shard.Dispose();
    }

    private Tensor Copy(long[] indexes)
    {
        var length = ImageShard.ImageLength(_layout);
        var total = (long)indexes.Length * length;
        // Reported as memory that did not suffice, so that the batch is processed in smaller parts where that is possible.
#pragma warning disable MA0012 // It is what it says, and what the trainer looks for.
        if (total > Array.MaxLength) throw new InsufficientMemoryException($"{indexes.Length} images of {length} bytes do not fit into one array of {Array.MaxLength}.");
#pragma warning restore MA0012
        if (_buffer.Length != total) _buffer = new byte[total];
        // By several threads: where pages are not in memory, as many reads are under way at once.
        Parallel.For(0, indexes.Length, i => At(indexes[i]).Shard.CopyImage(At(indexes[i]).Place, _buffer.AsSpan(i * length, length)));
        return tensor(_buffer, [indexes.Length, ImageShard.Channels, _layout.Size, _layout.Size], dtype: ScalarType.Byte, device: _device);
    }

    private (ImageShard Shard, int Place) At(long index)
    {
        var (shard, place) = Math.DivRem((int)index, _layout.PerShard);
        return (_shards[shard], place);
    }
}
