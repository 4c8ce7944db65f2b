using TorchSharp.Interop;
using TorchSharp.Modules;

namespace TorchSharp;

public static unsafe partial class torch
{
    public static partial class nn
    {
        /// <summary>Functions on the parameters of networks.</summary>
        public static class utils
        {
            /// <summary>Scales all gradients so that the norm of all of them together is at most <paramref name="max_norm"/>.</summary>
            /// <returns>The norm before; reading it waits for the device.</returns>
            public static double clip_grad_norm_(IEnumerable<Parameter> tensors, double max_norm, double norm_type = 2)
            {
                Parameter[] all = [.. tensors];
                fixed (nint* handles = Op.Handles(all))
                {
                    using Tensor norm = Op.Wrap(Native.tt_clip_grad_norm(handles, all.Length, max_norm, norm_type), all);
                    return norm.ToDouble();
                }
            }

            /// <summary>Limits every element of every gradient to plus or minus <paramref name="clip_value"/>.</summary>
            public static void clip_grad_value_(IEnumerable<Parameter> tensors, double clip_value)
            {
                Parameter[] all = [.. tensors];
                fixed (nint* handles = Op.Handles(all))
                    Op.Check(Native.tt_clip_grad_value(handles, all.Length, clip_value), all);
            }

            /// <summary>All parameters one after another in one vector.</summary>
            public static Tensor parameters_to_vector(IEnumerable<Parameter> tensors)
            {
                using DisposeScope scope = NewDisposeScope();
                Tensor[] parts = [.. tensors.Select(tensor => tensor.reshape(-1))];
                return cat(parts).MoveToOuterDisposeScope();
            }

            /// <summary>Copies the parts of a vector into the parameters.</summary>
            /// <exception cref="ArgumentException">The lengths differ.</exception>
            public static void vector_to_parameters(Tensor vec, IEnumerable<Parameter> tensors)
            {
                using DisposeScope scope = NewDisposeScope();
                using IDisposable quiet = no_grad();
                Parameter[] all = [.. tensors];
                long needed = all.Sum(parameter => parameter.NumberOfElements);
                if (needed != vec.NumberOfElements)
                    throw new ArgumentException($"The vector has {vec.NumberOfElements} elements, the parameters {needed}.", nameof(vec));
                long start = 0;
                foreach (Parameter parameter in all)
                {
                    parameter.copy_(vec.narrow(0, start, parameter.NumberOfElements).view(parameter.shape));
                    start += parameter.NumberOfElements;
                }
            }
        }
    }
}
