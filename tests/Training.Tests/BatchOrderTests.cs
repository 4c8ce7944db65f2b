using static TorchSharp.torch;

namespace Tracker.Training.Tests;

public sealed class BatchOrderTests
{
    [Fact]
    public void An_epoch_visits_every_sample_once()
    {
        using var order = new BatchOrder(1000, 128, 32, seed: 1, CPU);
        var visited = Enumerable.Range(0, 8).SelectMany(b => Indexes(order, 5, b)).ToList();
        visited.Order().ShouldBe(Enumerable.Range(0, 1000).Select(i => (long)i));
    }

    [Fact]
    public void The_order_follows_from_seed_and_epoch_alone()
    {
        using var order = new BatchOrder(1000, 128, 0, seed: 1, CPU);
        var epoch5 = Indexes(order, 5, 2);
        Indexes(order, 6, 2).ShouldNotBe(epoch5);
        rand(17).Dispose();
        Indexes(order, 5, 2).ShouldBe(epoch5);
        using var other = new BatchOrder(1000, 128, 0, seed: 2, CPU);
        Indexes(other, 5, 2).ShouldNotBe(epoch5);
    }

    [Fact]
    public void Ghosts_change_the_place_of_samples_in_a_batch_but_not_which_they_are()
    {
        using var plain = new BatchOrder(1000, 300, 0, seed: 1, CPU);
        using var ghosts = new BatchOrder(1000, 300, 64, seed: 1, CPU);
        foreach (var batch in Enumerable.Range(0, 4)) Indexes(ghosts, 0, batch).Order().ShouldBe(Indexes(plain, 0, batch).Order());
    }

    [Fact]
    public void Folded_ghosts_interleave_and_the_rest_follows() =>
        BatchOrder.Interleave(arange(8, dtype: ScalarType.Int64), 3).data<long>().ToArray().ShouldBe([0, 3, 1, 4, 2, 5, 6, 7]);

    private static long[] Indexes(BatchOrder order, long epoch, int batch)
    {
        using var indexes = order.Indexes(epoch, batch);
        return indexes.data<long>().ToArray();
    }
}
