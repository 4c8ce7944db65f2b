using System.Runtime.InteropServices;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using F = TorchSharp.torch.nn.functional;

namespace Tracker.Torch.Tests;

public sealed partial class ParallelTests
{
    [Fact]
    public void Waiting_threads_sleep_unless_the_environment_says_otherwise()
    {
        get_num_threads().ShouldBeGreaterThan(0);
        string expected = Environment.GetEnvironmentVariable("OMP_WAIT_POLICY") ?? "PASSIVE";
        Marshal.PtrToStringUTF8(getenv("OMP_WAIT_POLICY")).ShouldBe(expected);
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint getenv(string name);

    [Fact]
    public async Task Two_threads_train_their_own_networks_as_one_would()
    {
        float alone = Train(1);
        Task<float>[] tasks = [.. Enumerable.Range(0, 2).Select(_ => Task.Run(() => Train(1)))];
        float[] together = await Task.WhenAll(tasks).WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        together.ShouldBe([alone, alone]);
    }

    private static float Train(ulong seed)
    {
        using DisposeScope all = NewDisposeScope();
        using var generator = new Generator(seed);
        using Linear layer = Linear(8, 4);
        nn.init.normal_(layer.weight, generator: generator);
        nn.init.zeros_(layer.bias!);
        using SGD optimizer = torch.optim.SGD(layer.parameters(), 0.1, momentum: 0.9);
        Tensor x = randn(32, 8, generator: generator), y = randint(0, 4, 32, generator: generator);
        float last = 0;
        for (int i = 0; i < 300; i++)
        {
            using DisposeScope scope = NewDisposeScope();
            optimizer.zero_grad();
            Tensor loss = F.cross_entropy(layer.call(x), y);
            loss.backward();
            optimizer.step();
            last = loss.ToSingle();
        }
        return last;
    }
}
