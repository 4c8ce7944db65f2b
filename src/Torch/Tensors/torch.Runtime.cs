using System.Runtime.InteropServices;
using TorchSharp.Interop;

namespace TorchSharp;

/// <summary>
/// TorchSharp's interface over the libtorch of this machine: the part of it that training needs, under the same names.
/// Left out are named dimensions and complex numbers.
/// </summary>
public static partial class torch
{
    /// <summary>The version of libtorch.</summary>
    public static string __version__ => Marshal.PtrToStringUTF8(Native.tt_version())!;

    /// <summary>How many threads one operation may use.</summary>
    public static int get_num_threads() => Native.tt_get_num_threads();
    /// <summary>Sets how many threads one operation may use.</summary>
    public static void set_num_threads(int num) => Op.Check(Native.tt_set_num_threads(num));
    /// <summary>How many operations may run beside each other.</summary>
    public static int get_num_interop_threads() => Native.tt_get_num_interop_threads();
    /// <summary>Sets how many operations may run beside each other; only possible before the first parallel work.</summary>
    public static void set_num_interop_threads(int num) => Op.Check(Native.tt_set_num_interop_threads(num));

    /// <summary>Whether a CUDA device can be used.</summary>
    public static bool cuda_is_available() => cuda.is_available();

    /// <summary>NVIDIA GPUs.</summary>
    public static class cuda
    {
        /// <summary>Whether a device can be used.</summary>
        public static bool is_available() => device_count() > 0;
        /// <summary>Whether libtorch has cuDNN.</summary>
        public static bool is_cudnn_available() => Native.tt_cudnn_is_available() != 0;
        /// <summary>How many devices there are.</summary>
        public static int device_count() => Native.tt_cuda_device_count();
        /// <summary>Seeds the current device; nothing without a device.</summary>
        public static void manual_seed(long seed)
        {
            if (is_available())
                Op.Check(Native.tt_cuda_manual_seed((ulong)seed));
        }
        /// <summary>Seeds all devices; nothing without a device.</summary>
        public static void manual_seed_all(long seed)
        {
            if (is_available())
                Op.Check(Native.tt_cuda_manual_seed_all((ulong)seed));
        }
        /// <summary>Waits until a device (the current one by default) has done all its work; nothing without a device.</summary>
        public static void synchronize(Device? device = null)
        {
            if (is_available())
                Op.Check(Native.tt_cuda_synchronize(device?.index ?? -1));
        }
    }

    /// <summary>Settings of the libraries below libtorch.</summary>
    public static class backends
    {
        /// <summary>CUDA.</summary>
        public static class cuda
        {
            /// <summary>Matrix products.</summary>
            public static class matmul
            {
                /// <summary>Whether single precision products may use TF32 tensor cores.</summary>
                public static bool allow_tf32
                {
                    get => Native.tt_get_tf32_matmul() != 0;
                    set => Op.Check(Native.tt_set_tf32_matmul(Op.Flag(value)));
                }
            }
        }

        /// <summary>cuDNN.</summary>
        public static class cudnn
        {
            /// <summary>Whether single precision convolutions may use TF32 tensor cores.</summary>
            public static bool allow_tf32
            {
                get => Native.tt_get_tf32_cudnn() != 0;
                set => Op.Check(Native.tt_set_tf32_cudnn(Op.Flag(value)));
            }
        }
    }
}
