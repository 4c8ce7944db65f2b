namespace Tracker.Training.Tests;

public sealed class FreeMemoryTests : IDisposable
{
    private const long MiB = 1 << 20;

    private readonly TemporaryDirectory _root = new();

    public void Dispose() => _root.Dispose();

    [Fact]
    public void Without_a_group_it_is_what_the_machine_has()
    {
        new FreeMemory(_root.Path).Bytes().ShouldBeNull();
        Machine(availableMiB: 500);
        new FreeMemory(_root.Path).Bytes().ShouldBe(500 * MiB);
    }

    [Fact]
    public void The_tightest_group_around_the_process_counts_and_cached_files_do_not()
    {
        Machine(availableMiB: 500);
        Write("proc/self/cgroup", "0::/outer/inner\n");
        Write("sys/fs/cgroup/outer/inner/memory.max", "max\n");
        Write("sys/fs/cgroup/outer/inner/memory.current", $"{10 * MiB}\n");
        Write("sys/fs/cgroup/outer/memory.max", $"{300 * MiB}\n");
        Write("sys/fs/cgroup/outer/memory.current", $"{200 * MiB}\n");
        Write("sys/fs/cgroup/outer/memory.stat", $"anon 5\ninactive_file {50 * MiB}\nactive_file 7\n");
        new FreeMemory(_root.Path).Bytes().ShouldBe(150 * MiB);
    }

    [Fact]
    public void Groups_of_the_old_kind_count_too()
    {
        Machine(availableMiB: 500);
        Write("proc/self/cgroup", "5:cpu,cpuacct:/box\n4:memory:/box\n");
        Write("sys/fs/cgroup/memory/box/memory.limit_in_bytes", $"{300 * MiB}\n");
        Write("sys/fs/cgroup/memory/box/memory.usage_in_bytes", $"{290 * MiB}\n");
        Write("sys/fs/cgroup/memory/box/memory.stat", $"total_inactive_file {20 * MiB}\n");
        new FreeMemory(_root.Path).Bytes().ShouldBe(30 * MiB);
    }

    [Fact]
    public void This_machine_tells() => new FreeMemory().Bytes().ShouldNotBeNull().ShouldBeInRange(MiB, 1L << 50);

    [Fact]
    public void What_is_allocated_shows_a_tensor()
    {
        var before = HostMemory.Allocated().ShouldNotBeNull();
        // Large, because other tests allocate meanwhile; never touched, so it costs no memory.
        using var tensor = TorchSharp.torch.empty(500_000_000);
        (HostMemory.Allocated()!.Value - before).ShouldBeInRange(1_500_000_000, 2_500_000_000);
    }

    private void Machine(long availableMiB) => Write("proc/meminfo", $"MemTotal:       16000000 kB\nMemAvailable:   {availableMiB * 1024} kB\n");

    private void Write(string path, string text)
    {
        var file = _root.File(path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }
}
