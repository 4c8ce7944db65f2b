using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Tracker.Training;

/// <summary>
/// C1 as in the authors' code: two 5 × 5 convolutions to 64 channels, each followed by max-pooling (3, stride 2), batch normalization
/// and ReLU (the pooling comes before the normalization), then fully connected layers of 384 and 192 with dropout ½. Only the last
/// layer has a bias of its own. Input (N, 3, 32, 32), output logits (N, classes); 1,388,490 parameters with 10 classes.
/// </summary>
public sealed class C1 : Module<Tensor, Tensor>
{
    private const int Features = 64 * 7 * 7;

#pragma warning disable CA2213 // Registered components are disposed of by the base class.
    private Sequential features;
    private Sequential classifier;
#pragma warning restore CA2213

    /// <summary>Creates the network with freshly drawn weights.</summary>
    /// <param name="classes">Number of classes.</param>
    /// <param name="ghostSize">Samples in a ghost batch; 0 for plain batch normalization.</param>
    public C1(int classes, int ghostSize) : base(nameof(C1))
    {
        features = Sequential(
            Conv2d(3, 64, 5, stride: 1, padding: 2, bias: false), MaxPool2d(3, 2), new GhostBatchNorm(64, ghostSize), ReLU(),
            Conv2d(64, 64, 5, stride: 1, padding: 2, bias: false), MaxPool2d(3, 2), new GhostBatchNorm(64, ghostSize), ReLU());
        classifier = Sequential(
            Linear(Features, 384, hasBias: false), new GhostBatchNorm(384, ghostSize), ReLU(), Dropout(0.5),
            Linear(384, 192, hasBias: false), new GhostBatchNorm(192, ghostSize), ReLU(), Dropout(0.5),
            Linear(192, classes));
        RegisterComponents();
    }

    /// <summary>Computes the logits.</summary>
    /// <param name="input">(N, 3, 32, 32), normalized.</param>
    /// <returns>(N, classes).</returns>
    public override Tensor forward(Tensor input)
    {
        using var maps = features.call(input);
        using var flat = maps.flatten(1);
        return classifier.call(flat);
    }
}
