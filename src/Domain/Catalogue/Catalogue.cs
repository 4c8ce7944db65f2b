namespace Tracker.Domain;

/// <summary>Everything that a specification can ask for. Pages, REST and the trainer learn of networks and data sets here.</summary>
public static class Catalogue
{
    /// <summary>The data sets, in the order in which they are offered.</summary>
    public static IReadOnlyList<Dataset> Datasets { get; } =
    [
        new("fashion-mnist", "Fashion-MNIST", 10, 60_000, 10_000, 1, 28, 28),
        new("fashion-mnist-32", "Fashion-MNIST 32", 10, 60_000, 10_000, 3, 32, 32,
            "Fashion-MNIST padded to 32 × 32 pixels and repeated to 3 channels"),
        new("mnist", "MNIST", 10, 60_000, 10_000, 1, 28, 28),
        new("cifar10", "CIFAR-10", 10, 50_000, 10_000, 3, 32, 32),
        new("cifar100", "CIFAR-100", 100, 50_000, 10_000, 3, 32, 32),
        new("imagenet", "ImageNet", 1000, 1_281_167, 50_000, 3, 224, 224,
            "ILSVRC 2012: shorter side scaled to 256 pixels, the middle 256 × 256 of it, crops of 224 × 224"),
    ];

    /// <summary>The networks, in the order in which the paper lists them.</summary>
    public static IReadOnlyList<Network> Networks { get; } =
    [
        new("f1", "F1", "784 → 5 × [512, BN, ReLU] → 10, fully connected (Keskar)", 128, 1_462_794,
            new Regime(50, [new(0, 0.1), new(10, 0.01), new(20, 0.001), new(30, 0.0001)], Momentum: 0.9, WeightDecay: 1e-4),
            ["fashion-mnist"]),
        new("c1", "C1", "2 × [conv 5 × 5 × 64, max-pool, BN, ReLU] → 384 → 192 → classes (Keskar)", 128, 1_388_490,
            new Regime(200, [new(0, 0.001), new(60, 0.01), new(120, 0.001), new(180, 0.0001)], Momentum: 0, WeightDecay: 5e-4),
            ["fashion-mnist-32"]),
    ];

    /// <summary>The network of that name, or <see langword="null"/>.</summary>
    /// <param name="name">A name as used in specifications; upper and lower case differ.</param>
    public static Network? FindNetwork(string name) => Networks.FirstOrDefault(n => n.Name == name);

    /// <summary>The data set of that name, or <see langword="null"/>.</summary>
    /// <param name="name">A name as used in specifications; upper and lower case differ.</param>
    public static Dataset? FindDataset(string name) => Datasets.FirstOrDefault(d => d.Name == name);

    /// <summary>The network of that name.</summary>
    /// <param name="name">A name as used in specifications.</param>
    /// <exception cref="ArgumentException">There is no such network; the message lists those that exist.</exception>
    public static Network GetNetwork(string name) => FindNetwork(name)
        ?? throw new ArgumentException($"There is no network '{name}'. Networks: {string.Join(", ", Networks.Select(n => n.Name))}.", nameof(name));

    /// <summary>The data set of that name.</summary>
    /// <param name="name">A name as used in specifications.</param>
    /// <exception cref="ArgumentException">There is no such data set; the message lists those that exist.</exception>
    public static Dataset GetDataset(string name) => FindDataset(name)
        ?? throw new ArgumentException($"There is no data set '{name}'. Data sets: {string.Join(", ", Datasets.Select(d => d.Name))}.", nameof(name));
}
