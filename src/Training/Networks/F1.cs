using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Tracker.Training;

/// <summary>
/// F1 of Keskar et al., as the paper trains it on MNIST: five fully connected layers of 512 with batch normalization and ReLU, then
/// the classes. Input (N, 1, 28, 28), output logits (N, classes); 1,462,794 parameters with 10 classes.
/// </summary>
public sealed class F1 : Module<Tensor, Tensor>
{
    private const int Inputs = 28 * 28;
    private const int Width = 512;
    private const int HiddenLayers = 5;

#pragma warning disable CA2213 // Registered components are disposed of by the base class.
    private Sequential layers;
#pragma warning restore CA2213
    private readonly DenseStack? _stack;

    /// <summary>Creates the network with freshly drawn weights.</summary>
    /// <param name="classes">Number of classes.</param>
    /// <param name="normalization">What normalizes the layers.</param>
    public F1(int classes, NormalizationOptions normalization) : base(nameof(F1))
    {
        ArgumentNullException.ThrowIfNull(normalization);
        layers = Sequential();
        for (var i = 0; i < HiddenLayers; i++)
        {
            layers.append(Linear(i == 0 ? Inputs : Width, Width));
            foreach (var step in normalization.LayerWithRelu(Width)) layers.append(step);
        }
        layers.append(Linear(Width, classes));
        RegisterComponents();
        _stack = DenseStack.In([.. layers.children().Cast<Module<Tensor, Tensor>>()]);
    }

    /// <summary>Computes the logits.</summary>
    /// <param name="input">(N, 1, 28, 28), normalized.</param>
    /// <returns>(N, classes).</returns>
    public override Tensor forward(Tensor input)
    {
        using var flat = input.flatten(1);
        return _stack is { } stack && stack.Takes(flat) ? stack.Forward(flat) : layers.call(flat);
    }
}
