using Tracker.Domain;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Tracker.Training;

/// <summary>Builds the networks of the <see cref="Catalogue"/>.</summary>
public static class NetworkFactory
{
    private static readonly Dictionary<string, Func<int, int, Module<Tensor, Tensor>>> s_networks = new(StringComparer.Ordinal)
    {
        ["f1"] = (classes, ghostSize) => new F1(classes, ghostSize),
        ["c1"] = (classes, ghostSize) => new C1(classes, ghostSize),
    };

    /// <summary>Names of the networks that can be built.</summary>
    public static IReadOnlyCollection<string> Names => s_networks.Keys;

    /// <summary>Builds a network on the CPU with freshly drawn weights, so that the same seed means the same weights on every device.</summary>
    /// <param name="name">Name in the catalogue.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="ghostSize">Samples in a ghost batch; 0 for plain batch normalization.</param>
    /// <param name="seed">The run's seed.</param>
    /// <exception cref="ArgumentException">There is no such network; the message lists those that exist.</exception>
    public static Module<Tensor, Tensor> Create(string name, int classes, int ghostSize, int seed)
    {
        if (!s_networks.TryGetValue(name, out var create))
            throw new ArgumentException($"There is no network '{name}'. Networks: {string.Join(", ", s_networks.Keys)}.", nameof(name));
        StatelessRandom.SeedFor(seed, RandomPurpose.Initialization, 0);
        return create(classes, ghostSize);
    }
}
