using TorchSharp.Interop;

namespace TorchSharp;

/// <summary>How much is added around an image.</summary>
public enum Padding
{
    /// <summary>Nothing.</summary>
    Valid = 0,
    /// <summary>As much as keeps the size.</summary>
    Same = 1,
}

/// <summary>What is added around an image.</summary>
public enum PaddingModes
{
    /// <summary>Zeros.</summary>
    Zeros = 0,
    /// <summary>The image mirrored at its border.</summary>
    Reflect = 1,
    /// <summary>The border repeated.</summary>
    Replicate = 2,
    /// <summary>The opposite side.</summary>
    Circular = 3,
    /// <summary>One value.</summary>
    Constant = 4,
}

public static unsafe partial class torch
{
    public static partial class nn
    {
        /// <summary>How the losses of a batch are combined.</summary>
        public enum Reduction : long
        {
            /// <summary>Not at all: one loss for each sample.</summary>
            None = 0,
            /// <summary>Their mean.</summary>
            Mean = 1,
            /// <summary>Their sum.</summary>
            Sum = 2,
        }

        /// <summary>Layers as functions.</summary>
        public static partial class functional
        {
            /// <summary><c>input @ weights.T + bias</c>, with weights of shape (out, in).</summary>
            public static Tensor linear(Tensor input, Tensor weights, Tensor? bias = null) =>
                Op.Wrap(Native.tt_linear(input.Handle, weights.Handle, Op.Handle(bias)), input, weights, bias);

            /// <summary>Convolution of images (N, C, H, W) with weights (out, C / groups, kh, kw).</summary>
            public static Tensor conv2d(Tensor input, Tensor weight, Tensor? bias = null, long[]? strides = null, long[]? padding = null, long[]? dilation = null, long groups = 1)
            {
                fixed (long* s = Pair(strides, 1), p = Pair(padding, 0), d = Pair(dilation, 1))
                    return Op.Wrap(Native.tt_conv2d(input.Handle, weight.Handle, Op.Handle(bias), s, p, d, groups), input, weight, bias);
            }

            internal static Tensor Conv2dSame(Tensor input, Tensor weight, Tensor? bias, long[] strides, long[] dilation, long groups)
            {
                fixed (long* s = strides, d = dilation)
                    return Op.Wrap(Native.tt_conv2d_same(input.Handle, weight.Handle, Op.Handle(bias), s, d, groups), input, weight, bias);
            }

            /// <summary>
            /// Normalises every channel over the batch. In training the statistics come from the batch and, where running ones are
            /// given, update these in place with the unbiased variance; else the running ones are used.
            /// </summary>
            public static Tensor batch_norm(Tensor input, Tensor? running_mean, Tensor? running_var, Tensor? weight = null, Tensor? bias = null, bool training = false, double momentum = 0.1, double eps = 1e-05)
            {
                nint handle = Native.tt_batch_norm(input.Handle, Op.Handle(running_mean), Op.Handle(running_var), Op.Handle(weight), Op.Handle(bias), Op.Flag(training), momentum, eps);
                return Op.Wrap(handle, input, running_mean, running_var, weight, bias);
            }

            /// <summary>Normalises groups of channels of every sample.</summary>
            public static Tensor group_norm(Tensor input, long num_groups, Tensor? weight = null, Tensor? bias = null, double eps = 1e-05) =>
                Op.Wrap(Native.tt_group_norm(input.Handle, num_groups, Op.Handle(weight), Op.Handle(bias), eps), input, weight, bias);

            /// <summary>Normalises over the last dimensions of every sample.</summary>
            public static Tensor layer_norm(Tensor input, long[] normalized_shape, Tensor? weight = null, Tensor? bias = null, double eps = 1e-05)
            {
                fixed (long* shape = normalized_shape)
                    return Op.Wrap(Native.tt_layer_norm(input.Handle, shape, normalized_shape.Length, Op.Handle(weight), Op.Handle(bias), eps), input, weight, bias);
            }

            /// <summary>Negative elements replaced by zero.</summary>
            public static Tensor relu(Tensor x, bool inplace = false) => inplace ? x.relu_().alias() : x.relu();

            /// <summary>Exponentials divided by their sum along a dimension.</summary>
            public static Tensor softmax(Tensor input, long dim, ScalarType? dtype = null) => input.softmax(dim, dtype);

            /// <summary>Logarithm of <see cref="softmax"/>.</summary>
            public static Tensor log_softmax(Tensor x, long dim) => x.log_softmax(dim);

            /// <summary>In training, sets elements to zero with probability <paramref name="p"/> and scales the others by 1 / (1 - p).</summary>
            public static Tensor dropout(Tensor input, double p = 0.5, bool training = true, bool inplace = false)
            {
                if (!inplace)
                    return Op.Wrap(Native.tt_dropout(input.Handle, p, Op.Flag(training)), input);
                return Op.InPlace(input, Native.tt_dropout_(input.Handle, p, Op.Flag(training))).alias();
            }

            /// <summary>Adds a border to the last dimensions, given as (before, after) pairs from the last dimension on.</summary>
            public static Tensor pad(Tensor input, ReadOnlySpan<long> pad, PaddingModes mode = PaddingModes.Constant, double value = 0)
            {
                int native = mode is PaddingModes.Constant or PaddingModes.Zeros ? 0 : (int)mode;
                fixed (long* p = pad)
                    return Op.Wrap(Native.tt_pad(input.Handle, p, pad.Length, native, mode == PaddingModes.Zeros ? 0 : value), input);
            }

            /// <summary>Adds a border to the last dimensions.</summary>
            public static Tensor pad(Tensor input, long[] pad, PaddingModes mode = PaddingModes.Constant, double value = 0) =>
                functional.pad(input, (ReadOnlySpan<long>)pad, mode, value);

            /// <summary>Adds a border to the last dimension.</summary>
            public static Tensor pad(Tensor input, (long, long) pad, PaddingModes mode = PaddingModes.Constant, double value = 0) =>
                functional.pad(input, [pad.Item1, pad.Item2], mode, value);

            /// <summary>Adds a border to the last two dimensions.</summary>
            public static Tensor pad(Tensor input, (long, long, long, long) pad, PaddingModes mode = PaddingModes.Constant, double value = 0) =>
                functional.pad(input, [pad.Item1, pad.Item2, pad.Item3, pad.Item4], mode, value);

            /// <summary>Vectors with a one at the given place and zeros elsewhere.</summary>
            public static Tensor one_hot(Tensor x, long num_classes = -1) => Op.Wrap(Native.tt_one_hot(x.Handle, num_classes), x);

            /// <summary>Two numbers from none, one or two.</summary>
            private static long[] Pair(long[]? values, long fallback) => values switch
            {
                null or [] => [fallback, fallback],
                [long both] => [both, both],
                [_, _] => values,
                _ => throw new ArgumentException($"One or two numbers are expected here, not {values.Length}.", nameof(values)),
            };
        }
    }
}
