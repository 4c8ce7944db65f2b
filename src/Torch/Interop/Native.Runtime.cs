using System.Runtime.InteropServices;

namespace TorchSharp.Interop;

internal static unsafe partial class Native
{
    [LibraryImport(Library)] internal static partial nint tt_take_error();
    [LibraryImport(Library)] internal static partial nint tt_version();
    [LibraryImport(Library)] [SuppressGCTransition] internal static partial int tt_get_num_threads();
    [LibraryImport(Library)] internal static partial int tt_set_num_threads(int count);
    [LibraryImport(Library)] internal static partial int tt_get_num_interop_threads();
    [LibraryImport(Library)] internal static partial int tt_set_num_interop_threads(int count);
    [LibraryImport(Library)] internal static partial int tt_cuda_device_count();
    [LibraryImport(Library)] internal static partial int tt_cudnn_is_available();
    [LibraryImport(Library)] internal static partial int tt_cuda_synchronize(long device);
    [LibraryImport(Library)] internal static partial int tt_cuda_manual_seed(ulong seed);
    [LibraryImport(Library)] internal static partial int tt_cuda_manual_seed_all(ulong seed);
    [LibraryImport(Library)] internal static partial int tt_get_tf32_matmul();
    [LibraryImport(Library)] internal static partial int tt_set_tf32_matmul(int allow);
    [LibraryImport(Library)] internal static partial int tt_get_tf32_cudnn();
    [LibraryImport(Library)] internal static partial int tt_set_tf32_cudnn(int allow);
}
