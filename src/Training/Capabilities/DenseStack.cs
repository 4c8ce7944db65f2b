using System.Runtime.InteropServices;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tracker.Training;

/// <summary>
/// Fully connected layers with (ghost) batch normalization and ReLU, then one without, as a single operation. Ghosts pass through all
/// layers a few at a time, so activations stay in the cache; threads own columns, so nothing waits between a layer's product and its
/// normalization; all gradients are parts of one vector. It has no second derivative.
/// </summary>
internal sealed partial class DenseStack
{
    /// <summary>Widths of normalized layers must be a multiple of this.</summary>
    private const int Lanes = 16;

    private readonly IReadOnlyList<(Linear Layer, GhostBatchNorm Normalization)> _hidden;
    private readonly Linear _last;

    private DenseStack(IReadOnlyList<(Linear, GhostBatchNorm)> hidden, Linear last) => (_hidden, _last) = (hidden, last);

    /// <summary>Recognizes such a stack in a sequence of modules; <see langword="null"/> for any other sequence.</summary>
    /// <param name="modules">Linear, GhostBatchNorm with ReLU, and the place of that ReLU in turn, then one more Linear, all with bias.</param>
    public static DenseStack? In(IReadOnlyList<nn.Module<Tensor, Tensor>> modules)
    {
        if (modules.Count < 4 || modules.Count % 3 != 1 || modules[^1] is not Linear { bias: not null } last) return null;
        var hidden = new List<(Linear, GhostBatchNorm)>();
        foreach (var part in modules.SkipLast(1).Chunk(3))
        {
            if (part is not [Linear { bias: not null } layer, GhostBatchNorm { HasRelu: true } normalization, Identity] || normalization.Channels % Lanes != 0) return null;
            hidden.Add((layer, normalization));
        }
        return new(hidden, last);
    }

    /// <summary>Whether the operation serves this input in this mode; libtorch's operations serve every other.</summary>
    /// <param name="input">(N, features).</param>
    public bool Takes(Tensor input) =>
        _last.training && is_grad_enabled() && HostKernels.Take(input) && input.shape is [> 1, _] && HostKernels.Take(_last.weight!) && HostKernels.CanMultiply;

    /// <summary>Computes the last layer's output and updates the running statistics.</summary>
    /// <param name="input">(N, features), samples in the order of <see cref="BatchOrder"/>.</param>
    /// <returns>(N, outputs).</returns>
    public Tensor Forward(Tensor input)
    {
        List<Tensor> parameters = [], running = [];
        foreach (var (layer, normalization) in _hidden)
        {
            parameters.AddRange([layer.weight!, layer.bias!, normalization.Scale, normalization.Shift]);
            running.AddRange(normalization.RunningState);
        }
        parameters.AddRange([_last.weight!, _last.bias!]);
        var first = _hidden[0].Normalization;
        var layout = first.LayoutOf((int)input.shape[0]);
        var (kept, weights) = first.RunningShares(layout.Count);
        var logits = HostKernels.Own(tt_dense_stack(
            input.Handle, HostKernels.Handles(parameters), HostKernels.Handles(running), _hidden.Count, layout.Folded, layout.GhostSize, layout.Rest,
            GhostBatchNorm.Epsilon, kept, weights));
        GC.KeepAlive(input);
        GC.KeepAlive(parameters);
        GC.KeepAlive(running);
        return logits;
    }

    [LibraryImport(Shim.Library)]
    private static partial nint tt_dense_stack(
        nint input, nint[] parameters, nint[] running, long hidden, long ghosts, long size, long rest, double eps, double kept, double[] weights);
}
