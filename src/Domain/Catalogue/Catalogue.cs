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

    /// <summary>The networks, in the order in which the paper lists them; <see cref="Regimes"/> says where their regimes come from.</summary>
    public static IReadOnlyList<Network> Networks { get; } =
    [
        new("f1", "F1", "784 → 5 × [512, BN, ReLU] → classes, fully connected (Keskar)", 128,
            new(1_457_664, 1_449_984, 512), Regimes.F1, ["fashion-mnist", "mnist"]),
        new("c1", "C1", "2 × [conv 5 × 5 × 64, max-pool, BN, ReLU] → 384 → 192 → classes (Keskar)", 128,
            new(1_386_560, 29_233_152, 192), Regimes.Shallow, ["fashion-mnist-32", "cifar10", "cifar100"]),
        new("resnet44", "Resnet44", "conv 3 × 3 × 16 → 3 × 7 residual blocks of 16, 32, 64 channels → classes (He)", 128,
            new(660_688, 97_435_648, 64), Regimes.ResNet44, ["fashion-mnist-32", "cifar10", "cifar100"]),
        new("vgg16", "VGG", "13 × [conv 3 × 3, BN, ReLU] of 64 to 512 channels with 5 max-pools → classes (configuration D for 32 × 32 images)", 128,
            new(14_718_912, 313_196_544, 512), Regimes.Vgg16, ["fashion-mnist-32", "cifar10", "cifar100"]),
        new("c3", "C3", "C1 for the classes of CIFAR-100 (Keskar)", 128,
            new(1_386_560, 29_233_152, 192), Regimes.Shallow, ["fashion-mnist-32", "cifar100", "cifar10"]),
        new("wresnet16-4", "WResnet16-4", "conv 3 × 3 × 64 → 3 × 2 residual blocks of 64, 128, 256 channels → classes (Zagoruyko, normalized after each convolution)", 256,
            new(2_775_104, 421_199_872, 256), Regimes.WResNet, ["fashion-mnist-32", "cifar100", "cifar10"]),
        new("alexnet", "AlexNet", "5 convolutions of 64 to 384 channels with BN → 4096 → 4096 → classes (Krizhevsky 2014)", 128,
            new(57_013_184, 710_092_480, 4096), Regimes.AlexNet, ["imagenet"]),
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
