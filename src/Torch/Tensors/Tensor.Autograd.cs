using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public unsafe partial class Tensor
    {
        /// <summary>Whether no recorded operation made it.</summary>
        public bool is_leaf
        {
            get
            {
                int answer = Native.tt_is_leaf(Handle);
                GC.KeepAlive(this);
                return answer != 0;
            }
        }

        /// <summary>Whether operations on it are recorded for differentiation.</summary>
        public bool requires_grad
        {
            get
            {
                int answer = Native.tt_requires_grad(Handle);
                GC.KeepAlive(this);
                return answer != 0;
            }
            set => requires_grad_(value);
        }

        /// <summary>
        /// The gradient that <see cref="backward()"/> accumulated, or null. Every read makes a new tensor object over the same
        /// memory, which has to be disposed or to sit in a scope.
        /// </summary>
        public Tensor? grad
        {
            get
            {
                nint handle;
                Op.Check(Native.tt_grad(Handle, &handle), this);
                return handle == 0 ? null : new Tensor(handle);
            }
            set => Op.Check(Native.tt_set_grad(Handle, Op.Handle(value)), this, value);
        }

        /// <summary>Sets whether operations on it are recorded.</summary>
        public Tensor requires_grad_(bool requires_grad = true) =>
            Op.InPlace(this, Native.tt_set_requires_grad(Handle, Op.Flag(requires_grad)));

        /// <summary>Sets whether operations on it are recorded.</summary>
        public Tensor with_requires_grad(bool requires_grad = true) => requires_grad_(requires_grad);

        /// <summary>Asks for the gradient of a tensor that is not a leaf to be kept.</summary>
        public void retain_grad() => Op.Check(Native.tt_retain_grad(Handle), this);

        /// <summary>The same memory outside the recorded graph.</summary>
        public Tensor detach() => Op.Wrap(Native.tt_detach(Handle), this);

        /// <summary>Takes the tensor out of the recorded graph.</summary>
        public Tensor detach_() => Op.InPlace(this, Native.tt_detach_(Handle));

        /// <summary>Accumulates the gradients of this single number into the leaves it was made from, and frees the graph.</summary>
        public void backward()
        {
            nint self = Handle;
            Op.Check(Native.tt_backward(&self, 1, null, 0, 0, 0, null, 0), this);
        }

        /// <summary>Accumulates gradients into the leaves.</summary>
        /// <param name="grad_tensors">Gradients of this tensor's elements; null for a single number.</param>
        /// <param name="retain_graph">Keeps the graph for another call.</param>
        /// <param name="create_graph">Records the gradients' own graph.</param>
        /// <param name="inputs">The tensors to accumulate into; null for all leaves.</param>
        public void backward(IList<Tensor>? grad_tensors = null, bool retain_graph = false, bool create_graph = false, IList<Tensor>? inputs = null) =>
            autograd.backward([this], grad_tensors, retain_graph || create_graph, create_graph, inputs);
    }
}
