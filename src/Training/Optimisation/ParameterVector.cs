using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Tracker.Training;

/// <summary>
/// All parameters of a network as one vector: the parameters become views of it. Clipping, the update, norms and distances are then a
/// handful of operations, whatever the number of layers.
/// </summary>
public sealed class ParameterVector : IDisposable
{
    private readonly List<Parameter> _parameters = [];

    /// <summary>Moves the parameters of a network into one vector; the network goes on with the same values.</summary>
    /// <param name="network">The network, already on its device.</param>
    public ParameterVector(Module network)
    {
        ArgumentNullException.ThrowIfNull(network);
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        var slices = new List<ParameterSlice>();
        var offset = 0L;
        foreach (var (name, value) in StateDictionary.Of(network))
        {
            if (value is not Parameter parameter) continue;
            _parameters.Add(parameter);
            slices.Add(new(name, parameter.shape, offset, parameter.numel()));
            offset += parameter.numel();
        }
        Slices = slices;
        Values = cat(_parameters.Select(p => p.detach().reshape(-1)).ToList(), 0).DetachFromDisposeScope();
        foreach (var (parameter, slice) in _parameters.Zip(slices)) parameter.set_(slice.Of(Values));
    }

    /// <summary>The weights w, (P), 32-bit floats. Writing here changes the network.</summary>
    public Tensor Values { get; }

    /// <summary>Where each parameter lies, in the order of the state dictionary.</summary>
    public IReadOnlyList<ParameterSlice> Slices { get; }

    /// <summary>P, the number of trainable parameters.</summary>
    public long Count => Values.numel();

    /// <summary>The gradient of a loss with respect to the vector.</summary>
    /// <param name="loss">A scalar that depends on every parameter; its graph is freed.</param>
    /// <returns>(P).</returns>
    public Tensor Gradient(Tensor loss)
    {
        using var scope = NewDisposeScope();
        var gradients = autograd.grad([loss], [.. _parameters]);
        var vector = FusedUpdate.Joined([.. gradients]) ?? cat(gradients.Select(g => g.reshape(-1)).ToList(), 0);
        return vector.MoveToOuterDisposeScope();
    }

    /// <summary>The Hessian of a loss times a vector: the gradient of ∇L · v. Every operation of the network must be twice differentiable.</summary>
    /// <param name="loss">A scalar that depends on every parameter; its graph is freed.</param>
    /// <param name="direction">v, (P).</param>
    /// <returns>H v, (P).</returns>
    public Tensor HessianTimes(Tensor loss, Tensor direction)
    {
        using var scope = NewDisposeScope();
        IList<Tensor> parameters = [.. _parameters];
        var gradients = autograd.grad([loss], parameters, retain_graph: true, create_graph: true);
        var slope = gradients.Zip(Slices, (gradient, slice) => (gradient * slice.Of(direction)).sum()).Aggregate((sum, part) => sum + part);
        // A parameter on which the gradient does not depend has no second derivative, and libtorch leaves its place empty.
        var products = autograd.grad([slope], parameters, allow_unused: true)
            .Zip(_parameters, (product, parameter) => product.IsInvalid ? zeros_like(parameter) : product);
        return cat(products.Select(p => p.reshape(-1)).ToList(), 0).MoveToOuterDisposeScope();
    }

    /// <summary>Frees the vector; the network's parameters keep the memory alive as long as they need it.</summary>
    public void Dispose() => Values.Dispose();
}

/// <summary>One parameter's place in a <see cref="ParameterVector"/>.</summary>
/// <param name="Name">The name in the state dictionary.</param>
/// <param name="Shape">The shape of the parameter.</param>
/// <param name="Offset">The first element.</param>
/// <param name="Length">The number of elements.</param>
public sealed record ParameterSlice(string Name, IReadOnlyList<long> Shape, long Offset, long Length)
{
    /// <summary>The parameter's part of a vector, as a view.</summary>
    /// <param name="vector">(P), such as the weights, a gradient or a momentum buffer.</param>
    /// <returns>A view of the shape of the parameter.</returns>
    public Tensor Of(Tensor vector)
    {
        ArgumentNullException.ThrowIfNull(vector);
        using var flat = vector.narrow(0, Offset, Length);
        return flat.view([.. Shape]);
    }
}
