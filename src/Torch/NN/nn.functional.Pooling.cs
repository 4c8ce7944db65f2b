using TorchSharp.Interop;

namespace TorchSharp;

public static unsafe partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            /// <summary>The largest element of every window; the stride is the window's size by default.</summary>
            public static Tensor max_pool2d(Tensor input, long[] kernel_size, long[]? strides = null, long[]? padding = null, long[]? dilation = null, bool ceil_mode = false)
            {
                long[] kernel = Pair(kernel_size, 1);
                fixed (long* k = kernel, s = strides is null ? kernel : Pair(strides, 1), p = Pair(padding, 0), d = Pair(dilation, 1))
                    return Op.Wrap(Native.tt_max_pool2d(input.Handle, k, s, p, d, Op.Flag(ceil_mode)), input);
            }

            /// <summary>The largest element of every window.</summary>
            public static Tensor max_pool2d(Tensor input, long kernel_size, long? stride = null, long? padding = null, long? dilation = null, bool ceil_mode = false) =>
                max_pool2d(input, [kernel_size], [stride ?? kernel_size], [padding ?? 0], [dilation ?? 1], ceil_mode);

            /// <summary>The largest element of every window.</summary>
            public static Tensor max_pool2d(Tensor input, (long, long) kernel_size, (long, long)? stride = null, (long, long)? padding = null, (long, long)? dilation = null, bool ceil_mode = false) =>
                max_pool2d(input, Array(kernel_size), Array(stride ?? kernel_size), Array(padding ?? (0, 0)), Array(dilation ?? (1, 1)), ceil_mode);

            /// <summary>The largest element of every window and its place in the image.</summary>
            public static (Tensor output, Tensor indices) max_pool2d_with_indices(Tensor input, long[] kernel_size, long[]? strides = null, long[]? padding = null, long[]? dilation = null, bool ceil_mode = false)
            {
                long[] kernel = Pair(kernel_size, 1);
                nint values, indexes;
                fixed (long* k = kernel, s = strides is null ? kernel : Pair(strides, 1), p = Pair(padding, 0), d = Pair(dilation, 1))
                {
                    int code = Native.tt_max_pool2d_with_indices(input.Handle, k, s, p, d, Op.Flag(ceil_mode), &values, &indexes);
                    return Op.WrapPair(code, values, indexes, input);
                }
            }

            /// <summary>The mean of every window.</summary>
            public static Tensor avg_pool2d(Tensor input, long[] kernel_size, long[]? stride = null, long[]? padding = null, bool ceil_mode = false, bool count_include_pad = true, long? divisor_override = null)
            {
                long[] kernel = Pair(kernel_size, 1);
                fixed (long* k = kernel, s = stride is null ? kernel : Pair(stride, 1), p = Pair(padding, 0))
                    return Op.Wrap(Native.tt_avg_pool2d(input.Handle, k, s, p, Op.Flag(ceil_mode), Op.Flag(count_include_pad), divisor_override ?? 0), input);
            }

            /// <summary>The mean of every window.</summary>
            public static Tensor avg_pool2d(Tensor input, long kernel_size, long? stride = null, long padding = 0, bool ceil_mode = false, bool count_include_pad = true, long? divisor_override = null) =>
                avg_pool2d(input, [kernel_size], [stride ?? kernel_size], [padding], ceil_mode, count_include_pad, divisor_override);

            /// <summary>Means over windows that are chosen to give an image of this size.</summary>
            public static Tensor adaptive_avg_pool2d(Tensor input, long[] output_size)
            {
                fixed (long* size = Pair(output_size, 1))
                    return Op.Wrap(Native.tt_adaptive_avg_pool2d(input.Handle, size), input);
            }

            /// <summary>Means over windows that are chosen to give an image of this size.</summary>
            public static Tensor adaptive_avg_pool2d(Tensor input, (long, long) output_size) => adaptive_avg_pool2d(input, Array(output_size));

            /// <summary>Means over windows that are chosen to give a square image of this size.</summary>
            public static Tensor adaptive_avg_pool2d(Tensor input, long output_size) => adaptive_avg_pool2d(input, [output_size]);

            private static long[] Array((long, long) pair) => [pair.Item1, pair.Item2];
        }
    }
}
