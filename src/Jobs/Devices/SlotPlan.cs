using Tracker.Domain;
using Tracker.Storage;

namespace Tracker.Jobs.Devices;

/// <summary>How many runs a host takes at once, and with how many threads each; what is <see langword="null"/> is chosen.</summary>
/// <param name="Slots">Runs at once: on each GPU where there is one, else on the CPU.</param>
/// <param name="CpuSlots">Runs at once on the CPU.</param>
/// <param name="CudaSlots">Runs at once on each GPU.</param>
/// <param name="Threads">Threads of each run.</param>
internal sealed record SlotWishes(int? Slots = null, int? CpuSlots = null, int? CudaSlots = null, int? Threads = null);

/// <summary>The devices that a host offers.</summary>
/// <param name="Devices">With their slots.</param>
/// <param name="Threads">Threads of each run.</param>
internal sealed record SlotPlan(IReadOnlyList<HostDevice> Devices, int Threads)
{
    /// <summary>
    /// One thread per run and one run per core on small machines, where a training step is too short to be shared between cores;
    /// from four cores on, two cores a run. GPUs take one run each.
    /// </summary>
    /// <param name="processor">The processor.</param>
    /// <param name="gpus">The GPUs.</param>
    /// <param name="wishes">What was asked for.</param>
    public static SlotPlan For(Processor processor, IReadOnlyList<Gpu> gpus, SlotWishes wishes)
    {
        var cuda = wishes.CudaSlots ?? wishes.Slots ?? 1;
        var cpu = wishes.CpuSlots ?? (gpus.Count == 0 ? wishes.Slots ?? DefaultCpuSlots(processor.Cores) : 0);
        var devices = new List<HostDevice>();
        if (cpu > 0) devices.Add(new(DeviceClass.Cpu, "cpu", processor.Model, processor.MemoryBytes, processor.Cores, cpu));
        if (cuda > 0)
        {
            // A GPU without memory of its own uses the machine's.
            devices.AddRange(gpus.Select(g => new HostDevice(
                DeviceClass.Cuda, g.Name, g.Model, g.MemoryBytes > 0 ? g.MemoryBytes : processor.MemoryBytes, Cores: 0, cuda)));
        }
        var runs = Math.Max(1, devices.Sum(d => d.Slots));
        return new(devices, wishes.Threads ?? Math.Max(1, processor.Cores / runs))
        {
            Environments = gpus.ToDictionary(g => g.Name, Machine.Only),
        };
    }

    /// <summary>For the name of a GPU, the variables with which a child sees that GPU alone.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Environments { get; private init; } = new Dictionary<string, IReadOnlyDictionary<string, string>>();

    /// <summary>Runs at once in one class.</summary>
    public int SlotsOf(DeviceClass deviceClass) => Devices.Where(d => d.Class == deviceClass).Sum(d => d.Slots);

    private static int DefaultCpuSlots(int cores) => cores < 4 ? cores : cores / 2;
}
