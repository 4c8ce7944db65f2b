using TorchSharp.Interop;

namespace TorchSharp;

public static unsafe partial class torch
{
    /// <summary>Sets the grad mode of the thread until disposed, then restores what was before.</summary>
    private sealed class GradModeScope : IDisposable
    {
        private readonly bool _before = is_grad_enabled();

        internal GradModeScope(bool enabled) => Native.tt_set_grad_mode(Op.Flag(enabled));

        public void Dispose() => Native.tt_set_grad_mode(Op.Flag(_before));
    }

    private sealed class InferenceModeScope(nint guard) : IDisposable
    {
        private nint _guard = guard;

        public void Dispose()
        {
            Native.tt_leave_inference_mode(_guard);
            _guard = 0;
        }
    }

    /// <summary>Stops recording operations on this thread until disposed.</summary>
    public static IDisposable no_grad() => new GradModeScope(false);
    /// <summary>Starts (or stops) recording operations on this thread until disposed.</summary>
    public static IDisposable enable_grad(bool enabled = true) => new GradModeScope(enabled);
    /// <summary>Starts or stops recording operations on this thread until disposed.</summary>
    public static IDisposable set_grad_enabled(bool mode = true) => new GradModeScope(mode);
    /// <summary>Whether this thread records operations.</summary>
    public static bool is_grad_enabled() => Native.tt_grad_mode() != 0;
    /// <summary>Makes tensors that can never be differentiated, until disposed, which is a little faster than <see cref="no_grad"/>.</summary>
    public static IDisposable inference_mode(bool mode = true) => new InferenceModeScope(Native.tt_enter_inference_mode(Op.Flag(mode)));
    /// <summary>Whether this thread is in inference mode.</summary>
    public static bool is_inference_mode_enabled() => Native.tt_is_inference_mode() != 0;

    /// <summary>Differentiation.</summary>
    public static class autograd
    {
        /// <summary>The gradients of the sum of <paramref name="outputs"/> with respect to <paramref name="inputs"/>.</summary>
        /// <param name="outputs">What is differentiated.</param>
        /// <param name="inputs">With respect to what.</param>
        /// <param name="grad_outputs">Gradients of the outputs' elements; null for single numbers.</param>
        /// <param name="retain_graph">Keeps the graph for another call.</param>
        /// <param name="create_graph">Records the gradients' own graph, for second derivatives; implies keeping the graph.</param>
        /// <param name="allow_unused">Allows inputs that the outputs do not depend on; their gradients are tensors for which <see cref="Tensor.IsInvalid"/> holds.</param>
        public static IList<Tensor> grad(IList<Tensor> outputs, IList<Tensor> inputs, IList<Tensor>? grad_outputs = null, bool retain_graph = false, bool create_graph = false, bool allow_unused = false)
        {
            nint[] from = Op.Handles(outputs), to = Op.Handles(inputs), weights = Op.Handles(grad_outputs ?? []);
            var results = new nint[to.Length];
            fixed (nint* f = from, t = to, w = weights, r = results)
            {
                int code = Native.tt_autograd_grad(f, from.Length, t, to.Length, w, weights.Length, Op.Flag(retain_graph || create_graph), Op.Flag(create_graph), Op.Flag(allow_unused), r);
                Op.Check(code, outputs, inputs, grad_outputs);
            }
            return Array.ConvertAll(results, handle => new Tensor(handle));
        }

        /// <summary>Accumulates the gradients of the sum of <paramref name="tensors"/> into the leaves.</summary>
        /// <param name="tensors">What is differentiated.</param>
        /// <param name="grad_tensors">Gradients of the tensors' elements; null for single numbers.</param>
        /// <param name="retain_graph">Keeps the graph for another call; null means only when a graph is created.</param>
        /// <param name="create_graph">Records the gradients' own graph.</param>
        /// <param name="inputs">The tensors to accumulate into; null for all leaves.</param>
        public static void backward(IList<Tensor> tensors, IList<Tensor>? grad_tensors = null, bool? retain_graph = null, bool create_graph = false, IList<Tensor>? inputs = null)
        {
            nint[] from = Op.Handles(tensors), weights = Op.Handles(grad_tensors ?? []), into = Op.Handles(inputs ?? []);
            fixed (nint* f = from, w = weights, i = into)
            {
                int code = Native.tt_backward(f, from.Length, w, weights.Length, Op.Flag(retain_graph ?? create_graph), Op.Flag(create_graph), i, into.Length);
                Op.Check(code, tensors, grad_tensors, inputs);
            }
        }

        /// <summary>Accumulates the gradients of one tensor into the leaves.</summary>
        public static void backward(Tensor tensor, IList<Tensor>? grad_tensors = null, bool? retain_graph = null, bool create_graph = false, IList<Tensor>? inputs = null) =>
            backward([tensor], grad_tensors, retain_graph, create_graph, inputs);

        /// <summary>Accumulates the gradients of one tensor into the leaves.</summary>
        public static void backward(Tensor tensor, Tensor grad_tensor, bool? retain_graph = null, bool create_graph = false, IList<Tensor>? inputs = null) =>
            backward([tensor], [grad_tensor], retain_graph, create_graph, inputs);
    }
}
