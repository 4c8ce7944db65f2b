using System.Diagnostics;
using System.Runtime.CompilerServices;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using F = TorchSharp.torch.nn.functional;

namespace Tracker.Torch.Tests;

public sealed class LeakTests
{
    private const long Megabyte = 1 << 20;

    [Fact]
    public void Ten_thousand_training_steps_run_at_constant_memory()
    {
        Collect();
        using Sequential net = Sequential(Conv2d(1, 4, 3), ReLU(), MaxPool2d(2), Flatten(), Linear(36, 16), BatchNorm1d(16), ReLU(), Dropout(0.5), Linear(16, 4));
        using SGD optimizer = torch.optim.SGD(net.parameters(), 0.01, momentum: 0.9, weight_decay: 1e-4);
        using Tensor images = randn(64, 1, 8, 8), labels = randint(0, 4, 64);
        Train(net, optimizer, images, labels, 1000);
        (long tensors, long bytes) = Measure();
        Train(net, optimizer, images, labels, 9000);
        (long tensorsAfter, long bytesAfter) = Measure();
        tensorsAfter.ShouldBe(tensors);
        (bytesAfter - bytes).ShouldBeLessThan(8 * Megabyte);
    }

    [Fact]
    public void Tensors_that_nobody_disposed_are_freed_by_the_garbage_collector()
    {
        Collect();
        long before = Tensor.TotalCount;
        Abandon(1000);
        Tensor.TotalCount.ShouldBeGreaterThan(before + 900);
        Collect();
        Tensor.TotalCount.ShouldBe(before);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Abandon(int count)
    {
        for (int i = 0; i < count; i++)
            zeros(16);
    }

    private static void Train(Sequential net, SGD optimizer, Tensor images, Tensor labels, int steps)
    {
        for (int i = 0; i < steps; i++)
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor batch = randint(0, 64, 16);
            optimizer.zero_grad();
            Tensor loss = F.cross_entropy(net.call(images.index_select(0, batch)), labels.index_select(0, batch));
            loss.backward();
            nn.utils.clip_grad_norm_(net.parameters(), 5.0);
            optimizer.step();
        }
    }

    private static (long tensors, long bytes) Measure()
    {
        Collect();
        // Gives the collector's own spare memory back, which grows with the pace of allocation and is no leak.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        using var self = Process.GetCurrentProcess();
        return (Tensor.TotalCount, self.WorkingSet64);
    }

    private static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
    }
}
