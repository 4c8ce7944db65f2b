using static Tracker.Domain.Tests.Cases;

namespace Tracker.Domain.Tests;

public sealed class FittingTests
{
    private static readonly HostOffer[] Hosts =
    [
        Host(1, Cpu(2), Cuda(1, memory: 16 * Gigabyte)),
        Host(2, Cuda(1, memory: 24_500_000_000)).WithLabels("a100", "nvlink"),
        Host(3, Cpu(2)).WithLabels("fast"),
    ];

    [Fact]
    public void Nothing_is_missing_when_a_host_can_take_it() =>
        Fitting.WhatIsMissing(Hosts, DeviceClass.Cuda, 20 * Gigabyte, ["nvlink"]).ShouldBeNull();

    [Fact]
    public void Memory_that_is_not_known_is_taken_to_suffice() => Fitting.WhatIsMissing(Hosts, DeviceClass.Cpu, 400 * Gigabyte, []).ShouldBeNull();

    [Fact]
    public void No_host_at_all() => Fitting.WhatIsMissing([], DeviceClass.Cpu, 0, []).ShouldBe("No job host is up.");

    [Fact]
    public void No_such_device() => Fitting.WhatIsMissing([Hosts[2]], DeviceClass.Cuda, 0, ["fast"]).ShouldBe("No present host has a CUDA device.");

    [Fact]
    public void No_such_labels()
    {
        Fitting.WhatIsMissing(Hosts, DeviceClass.Cuda, 0, ["fast"]).ShouldBe("No present host with a CUDA device has the label fast.");
        Fitting.WhatIsMissing(Hosts, DeviceClass.Cpu, 0, ["a100", "fast"]).ShouldBe("No present host with a CPU has the labels a100, fast.");
    }

    [Fact]
    public void Not_enough_memory()
    {
        Fitting.WhatIsMissing(Hosts, DeviceClass.Cuda, 40 * Gigabyte, [])
            .ShouldBe("Needs 40 GB of device memory; the largest CUDA device of a present host has 24.5 GB (host-2).");
        Fitting.WhatIsMissing(Hosts, DeviceClass.Cuda, 40 * Gigabyte, ["a100"])
            .ShouldBe("Needs 40 GB of device memory; the largest CUDA device of a present host with the label a100 has 24.5 GB (host-2).");
    }
}
