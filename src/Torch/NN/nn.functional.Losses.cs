using TorchSharp.Interop;

namespace TorchSharp;

public static unsafe partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            /// <summary>Cross entropy between logits (N, C) and classes (N), or probabilities (N, C).</summary>
            /// <param name="input">Logits.</param>
            /// <param name="target">The classes as Int64, or probabilities.</param>
            /// <param name="weight">A weight for each class.</param>
            /// <param name="ignore_index">A class that counts for nothing.</param>
            /// <param name="reduction">Whether the samples' losses are averaged, summed or returned.</param>
            /// <param name="label_smoothing">The share of the target that is spread over all classes.</param>
            public static Tensor cross_entropy(Tensor input, Tensor target, Tensor? weight = null, long ignore_index = -100, Reduction reduction = Reduction.Mean, double label_smoothing = 0) =>
                Op.Wrap(Native.tt_cross_entropy(input.Handle, target.Handle, Op.Handle(weight), (long)reduction, ignore_index, label_smoothing), input, target, weight);

            /// <summary>The negative of the log-probability of each sample's class.</summary>
            public static Tensor nll_loss(Tensor input, Tensor target, Tensor? weight = null, Reduction reduction = Reduction.Mean) =>
                Op.Wrap(Native.tt_nll_loss(input.Handle, target.Handle, Op.Handle(weight), (long)reduction, -100), input, target, weight);

            /// <summary>The squared difference.</summary>
            public static Tensor mse_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean) =>
                Op.Wrap(Native.tt_mse_loss(input.Handle, target.Handle, (long)reduction), input, target);
        }
    }
}
