using static TorchSharp.torch;

namespace Tracker.Training.Tests;

public sealed class BatchSplitTests
{
    private static readonly BatchSplit s_ghosts = new(IsNormalized: true, GhostSize: 32);
    private static readonly BatchSplit s_plain = new(IsNormalized: true, GhostSize: 0);
    private static readonly BatchSplit s_free = new(IsNormalized: false, GhostSize: 0);

    [Theory]
    [InlineData(320, 0, new[] { 320 })]
    [InlineData(320, 320, new[] { 320 })]
    [InlineData(320, 300, new[] { 160, 160 })]
    [InlineData(320, 100, new[] { 64, 96, 64, 96 })]
    [InlineData(320, 1, new[] { 32, 32, 32, 32, 32, 32, 32, 32, 32, 32 })]
    [InlineData(330, 170, new[] { 160, 170 })]
    [InlineData(330, 160, new[] { 160, 160, 10 })]
    [InlineData(65, 32, new[] { 32, 33 })]
    [InlineData(20, 10, new[] { 20 })]
    public void Chunks_take_ghosts_whole(int samples, int limit, int[] expected) =>
        s_ghosts.Chunks(samples, limit).Select(c => c.Count).ShouldBe(expected);

    [Theory]
    [InlineData(10, 4, new[] { 3, 3, 4 })]
    [InlineData(10, 1, new[] { 1, 1, 1, 1, 1, 1, 1, 1, 1, 1 })]
    [InlineData(10, 0, new[] { 10 })]
    public void Without_normalization_a_chunk_may_have_any_size(int samples, int limit, int[] expected) =>
        s_free.Chunks(samples, limit).Select(c => c.Count).ShouldBe(expected);

    [Fact]
    public void Plain_batch_normalization_needs_the_whole_batch()
    {
        s_plain.IsPossible.ShouldBeFalse();
        s_plain.Chunks(320, 100).ShouldHaveSingleItem().IsWhole.ShouldBeTrue();
        s_plain.Halved(320, 0).ShouldBeNull();
    }

    [Fact]
    public void Halving_goes_on_down_to_one_ghost_or_one_sample()
    {
        Halvings(s_ghosts, 320).ShouldBe([160, 64, 32]);
        Halvings(s_free, 10).ShouldBe([5, 3, 2, 1]);
    }

    [Theory]
    [InlineData(330, 100)]
    [InlineData(331, 33)]
    [InlineData(65, 32)]
    public void The_chunks_of_a_batch_have_its_rows_between_them_ghost_by_ghost(int samples, int limit)
    {
        using var scope = NewDisposeScope();
        // Rows are named by their place in the shuffled order, of which ghost l has the samples 32 l to 32 l + 31.
        var rows = BatchOrder.Interleave(arange(samples, dtype: ScalarType.Int64), 32);
        var seen = new List<long>();
        foreach (var chunk in s_ghosts.Chunks(samples, limit))
        {
            var own = chunk.Of(rows);
            own.shape.ShouldBe([chunk.Count]);
            var inOrder = own.data<long>().ToArray().Order().ToArray();
            // The chunk's own interleaving is that of its samples alone, so the layers find its ghosts where they look for them.
            own.data<long>().ToArray().ShouldBe(BatchOrder.Interleave(tensor(inOrder), 32).data<long>().ToArray());
            seen.AddRange(inOrder);
        }
        seen.ShouldBe(Enumerable.Range(0, samples).Select(i => (long)i));
    }

    private static IEnumerable<int> Halvings(BatchSplit split, int samples)
    {
        for (var limit = split.Halved(samples, 0); limit is { } now; limit = split.Halved(samples, now)) yield return now;
    }
}
