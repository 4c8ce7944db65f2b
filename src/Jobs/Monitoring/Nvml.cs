using System.Runtime.InteropServices;
using System.Text;

namespace Tracker.Jobs.Monitoring;

/// <summary>NVIDIA's management library, which is part of the driver: how busy a GPU is, and who holds its memory.</summary>
internal sealed unsafe class Nvml : IDisposable
{
    public const string Library = "libnvidia-ml.so.1";
    private const int Success = 0;
    private const int NotSupported = 3;
    private const int MostProcesses = 128;
    private const ulong NotAvailable = ulong.MaxValue;

    private readonly nint _library;

    private Nvml(nint library) => _library = library;

    /// <summary>Loads and starts the library.</summary>
    /// <exception cref="MeterException">It is not there or does not start.</exception>
    public static Nvml Open(string library)
    {
        if (!NativeLibrary.TryLoad(library, out var loaded)) throw new MeterException($"{library} is not installed");
        var nvml = new Nvml(loaded);
        nvml.Check(((delegate* unmanaged<int>)nvml.Function("nvmlInit_v2"))(), "nvmlInit_v2");
        return nvml;
    }

    /// <summary>The device at a place of the PCI bus.</summary>
    /// <exception cref="MeterException">There is none.</exception>
    public nint DeviceAt(string busId)
    {
        const string Name = "nvmlDeviceGetHandleByPciBusId_v2";
        nint device;
        fixed (byte* text = Encoding.ASCII.GetBytes(busId + '\0')) Check(((delegate* unmanaged<byte*, nint*, int>)Function(Name))(text, &device), Name);
        return device;
    }

    /// <summary>Share of the last moments in which the device computed, in percent; <see langword="null"/> where it is not counted, as in a part of a GPU.</summary>
    /// <exception cref="MeterException">The driver fails.</exception>
    public double? BusyPercent(nint device)
    {
        const string Name = "nvmlDeviceGetUtilizationRates";
        Utilization found;
        var result = ((delegate* unmanaged<nint, Utilization*, int>)Function(Name))(device, &found);
        if (result == NotSupported) return null;
        Check(result, Name);
        return found.Gpu;
    }

    /// <summary>
    /// Bytes of the device's memory that a process holds, or that all hold together where the driver does not tell processes apart: in a
    /// container it knows them by other ids.
    /// </summary>
    /// <exception cref="MeterException">The driver fails.</exception>
    public long MemoryOf(nint device, int processId)
    {
        const string Name = "nvmlDeviceGetMemoryInfo";
        if (OwnMemory(device, processId) is { } own) return own;
        Memory found;
        Check(((delegate* unmanaged<nint, Memory*, int>)Function(Name))(device, &found), Name);
        return (long)found.Used;
    }

    /// <summary>Ends its use; the library itself stays loaded until the process ends.</summary>
    public void Dispose() => ((delegate* unmanaged<int>)Function("nvmlShutdown"))();

    private long? OwnMemory(nint device, int processId)
    {
        // Drivers before 510 have only the second version, with the same structure.
        if (!NativeLibrary.TryGetExport(_library, "nvmlDeviceGetComputeRunningProcesses_v3", out var list)
            && !NativeLibrary.TryGetExport(_library, "nvmlDeviceGetComputeRunningProcesses_v2", out list)) return null;
        var processes = stackalloc ProcessUse[MostProcesses];
        uint count = MostProcesses;
        if (((delegate* unmanaged<nint, uint*, ProcessUse*, int>)list)(device, &count, processes) != Success) return null;
        for (var i = 0; i < count; i++)
            if (processes[i].Id == processId && processes[i].UsedMemory != NotAvailable) return (long)processes[i].UsedMemory;
        return null;
    }

    private nint Function(string name) =>
        NativeLibrary.TryGetExport(_library, name, out var address) ? address : throw new MeterException($"the driver has no {name}");

    private void Check(int result, string function)
    {
        if (result == Success) return;
        var text = ((delegate* unmanaged<int, byte*>)Function("nvmlErrorString"))(result);
        throw new MeterException($"{function} answers: {Encoding.ASCII.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(text))}");
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Utilization
    {
        public uint Gpu;
        public uint Memory;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Memory
    {
        public ulong Total;
        public ulong Free;
        public ulong Used;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct ProcessUse
    {
        public uint Id;
        public ulong UsedMemory;
        public uint GpuInstance;
        public uint ComputeInstance;
    }
}
