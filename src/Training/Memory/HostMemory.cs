using System.Runtime.InteropServices;

namespace Tracker.Training;

/// <summary>How the C library treats the memory of tensors on the CPU.</summary>
internal static class HostMemory
{
    private const int TrimThreshold = -1;
    private const int MapThreshold = -3;

    /// <summary>The largest value that glibc accepts for <see cref="MapThreshold"/> on 64 bits.</summary>
    private const int LargestMapThreshold = 32 << 20;

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int SetOption(int option, int value);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate AllocatorStatistics ReadStatistics();

    /// <summary>glibc's <c>struct mallinfo2</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct AllocatorStatistics
    {
        public readonly nuint Arena, FreeChunks, FastChunks, Maps, MappedBytes, Unused, FreeFastBytes, UsedBytes, FreeBytes, TopBytes;
    }

    /// <summary>Bytes that the process has allocated from glibc and not freed, or <see langword="null"/> with another C library.</summary>
    public static long? Allocated()
    {
        if (!OperatingSystem.IsLinux() || !NativeLibrary.TryLoad("libc.so.6", out var library)) return null;
        if (!NativeLibrary.TryGetExport(library, "mallinfo2", out var address)) return null;
        var statistics = Marshal.GetDelegateForFunctionPointer<ReadStatistics>(address)();
        return (long)(statistics.UsedBytes + statistics.MappedBytes);
    }

    /// <summary>
    /// Has glibc keep freed memory for the next step. By default it returns the buffers of every step to the kernel, which clears them
    /// again page by page: for F1 at batch 128 that costs one seventh of the time. Other C libraries are left alone.
    /// </summary>
    public static void KeepFreed()
    {
        if (!OperatingSystem.IsLinux() || !NativeLibrary.TryLoad("libc.so.6", out var library)) return;
        if (!NativeLibrary.TryGetExport(library, "mallopt", out var address)) return;
        var set = Marshal.GetDelegateForFunctionPointer<SetOption>(address);
        _ = set(TrimThreshold, int.MaxValue);
        _ = set(MapThreshold, LargestMapThreshold);
    }
}
