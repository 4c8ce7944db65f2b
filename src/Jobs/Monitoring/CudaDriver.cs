using System.Runtime.InteropServices;
using System.Text;

namespace Tracker.Jobs.Monitoring;

/// <summary>The little that is asked of CUDA's driver itself.</summary>
internal static unsafe class CudaDriver
{
    public const string Library = "libcuda.so.1";
    private const int LongestBusId = 32;

    /// <summary>Where on the PCI bus a device sits.</summary>
    /// <param name="ordinal">Its number among the devices that this process may use.</param>
    /// <param name="library">The driver.</param>
    /// <exception cref="MeterException">There is no driver or no such device.</exception>
    public static string BusIdOf(int ordinal, string library)
    {
        if (!NativeLibrary.TryLoad(library, out var driver)) throw new MeterException($"{library} is not installed");
        var initialize = (delegate* unmanaged<uint, int>)Function(driver, "cuInit");
        var get = (delegate* unmanaged<int*, int, int>)Function(driver, "cuDeviceGet");
        var busIdOf = (delegate* unmanaged<byte*, int, int, int>)Function(driver, "cuDeviceGetPCIBusId");
        var text = stackalloc byte[LongestBusId];
        int device;
        Check(initialize(0), "cuInit");
        Check(get(&device, ordinal), "cuDeviceGet");
        Check(busIdOf(text, LongestBusId, device), "cuDeviceGetPCIBusId");
        return Encoding.ASCII.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(text));
    }

    private static nint Function(nint library, string name) =>
        NativeLibrary.TryGetExport(library, name, out var address) ? address : throw new MeterException($"the CUDA driver has no {name}");

    private static void Check(int result, string function)
    {
        if (result != 0) throw new MeterException($"{function} answers with error {result}");
    }
}
