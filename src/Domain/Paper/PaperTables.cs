namespace Tracker.Domain;

/// <summary>One row of a table of the paper: validation accuracies in percent, as printed.</summary>
/// <param name="Network">Name of the network in specifications.</param>
/// <param name="NetworkTitle">Name of the network as printed.</param>
/// <param name="Dataset">Name of the data set in specifications.</param>
/// <param name="DatasetTitle">Name of the data set as printed.</param>
/// <param name="LargeBatch">Size of the large batch, in samples.</param>
/// <param name="Columns">Accuracies in percent for SB, LB, +LR, +GBN, +RA.</param>
public sealed record PaperRow(string Network, string NetworkTitle, string Dataset, string DatasetTitle, int LargeBatch, IReadOnlyList<double> Columns);

/// <summary>The numbers that the paper prints (page 8). It gives no spread and no number of seeds.</summary>
public static class PaperTables
{
    /// <summary>Table 1: validation accuracy with SB 128 (256 for WResnet16-4) and LB 4096.</summary>
    public static IReadOnlyList<PaperRow> Table1 { get; } =
    [
        new("f1", "F1", "mnist", "MNIST", 4096, [98.27, 97.05, 97.55, 97.60, 98.53]),
        new("c1", "C1", "cifar10", "CIFAR-10", 4096, [87.80, 83.95, 86.15, 86.4, 88.20]),
        new("resnet44", "Resnet44", "cifar10", "CIFAR-10", 4096, [92.83, 86.10, 89.30, 90.50, 93.07]),
        new("vgg16", "VGG", "cifar10", "CIFAR-10", 4096, [92.30, 84.1, 88.6, 91.50, 93.03]),
        new("c3", "C3", "cifar100", "CIFAR-100", 4096, [61.25, 51.50, 57.38, 57.5, 63.20]),
        new("wresnet16-4", "WResnet16-4", "cifar100", "CIFAR-100", 4096, [73.70, 68.15, 69.05, 71.20, 73.57]),
    ];

    /// <summary>Table 2: ImageNet top-1 with SB 128. The numbers of LB and +LR come from a batch of 2048 in both rows (footnote 8).</summary>
    public static IReadOnlyList<PaperRow> Table2 { get; } =
    [
        new("alexnet", "AlexNet", "imagenet", "ImageNet", 4096, [57.10, 41.23, 53.25, 54.92, 59.5]),
        new("alexnet", "AlexNet", "imagenet", "ImageNet", 8192, [57.10, 41.23, 53.25, 53.93, 59.5]),
    ];
}
