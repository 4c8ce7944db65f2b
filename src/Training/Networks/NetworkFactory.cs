using Tracker.Domain;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Tracker.Training;

/// <summary>Builds the networks of the <see cref="Catalogue"/>.</summary>
public static class NetworkFactory
{
    private static readonly Dictionary<string, Func<int, NormalizationOptions, Module<Tensor, Tensor>>> s_networks = new(StringComparer.Ordinal)
    {
        ["f1"] = (classes, normalization) => new F1(classes, normalization),
        ["c1"] = (classes, normalization) => new C1(classes, normalization),
        ["resnet44"] = (classes, normalization) => new ResNet44(classes, normalization),
        ["vgg16"] = (classes, normalization) => new Vgg16(classes, normalization),
        ["c3"] = (classes, normalization) => new C3(classes, normalization),
        ["wresnet16-4"] = (classes, normalization) => new WResNet16x4(classes, normalization),
        ["alexnet"] = (classes, normalization) => new AlexNet(classes, normalization),
    };

    /// <summary>Names of the networks that can be built.</summary>
    public static IReadOnlyCollection<string> Names => s_networks.Keys;

    /// <summary>Builds a network on the CPU with freshly drawn weights, so that the same seed means the same weights on every device.</summary>
    /// <param name="name">Name in the catalogue.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="normalization">What normalizes its layers.</param>
    /// <param name="seed">The run's seed.</param>
    /// <exception cref="ArgumentException">There is no such network; the message lists those that exist.</exception>
    public static Module<Tensor, Tensor> Create(string name, int classes, NormalizationOptions normalization, int seed)
    {
        if (!s_networks.TryGetValue(name, out var create))
            throw new ArgumentException($"There is no network '{name}'. Networks: {string.Join(", ", s_networks.Keys)}.", nameof(name));
        StatelessRandom.SeedFor(seed, RandomPurpose.Initialization, 0);
        return create(classes, normalization);
    }
}
