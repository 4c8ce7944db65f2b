using Tracker.Jobs.Data.ImageNet;
using Tracker.Training;

namespace Tracker.Jobs.Data;

/// <summary>Where the data sets of the catalogue come from. Lengths and checksums are those of the published files.</summary>
internal static class DatasetPackages
{
    private static readonly string[] s_mnistMirrors =
        ["https://ossci-datasets.s3.amazonaws.com/mnist/", "https://storage.googleapis.com/cvdf-datasets/mnist/", "http://yann.lecun.com/exdb/mnist/"];

    private static readonly string[] s_fashionMirrors =
        ["http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/", "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/"];

    private static readonly string[] s_cifarMirrors = ["https://www.cs.toronto.edu/~kriz/", "https://cave.cs.toronto.edu/kriz/"];

    private const string CifarTerms =
        "Its page states no licence; it asks to cite A. Krizhevsky, Learning Multiple Layers of Features from Tiny Images, 2009. The images come from the withdrawn 80 Million Tiny Images.";

    /// <summary>All of them, in the catalogue's order.</summary>
    public static IReadOnlyList<DatasetPackage> All { get; } =
    [
        new("fashion-mnist", "Fashion-MNIST", "MIT licence, Zalando SE 2017.",
            [
                At(s_fashionMirrors, "train-images-idx3-ubyte.gz", 26_421_880, "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"),
                At(s_fashionMirrors, "train-labels-idx1-ubyte.gz", 29_515, "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845"),
                At(s_fashionMirrors, "t10k-images-idx3-ubyte.gz", 4_422_102, "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"),
                At(s_fashionMirrors, "t10k-labels-idx1-ubyte.gz", 5_148, "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5"),
            ],
            folders => ImageSources.In(folders, "fashion-mnist")),
        new("mnist", "MNIST", "Copyright Y. LeCun and C. Cortes; Creative Commons Attribution-Share Alike 3.0.",
            [
                At(s_mnistMirrors, "train-images-idx3-ubyte.gz", 9_912_422, "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"),
                At(s_mnistMirrors, "train-labels-idx1-ubyte.gz", 28_881, "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"),
                At(s_mnistMirrors, "t10k-images-idx3-ubyte.gz", 1_648_877, "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"),
                At(s_mnistMirrors, "t10k-labels-idx1-ubyte.gz", 4_542, "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6"),
            ],
            folders => ImageSources.In(folders, "mnist")),
        new("cifar10", "CIFAR-10", CifarTerms,
            [
                At(s_cifarMirrors, "cifar-10-binary.tar.gz", 170_052_171, "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd") with
                {
                    Members = ["data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin", "data_batch_5.bin", "test_batch.bin"],
                    UnpackedBytes = 6 * 30_730_000,
                },
            ],
            folders => ImageSources.In(folders, "cifar10")),
        new("cifar100", "CIFAR-100", CifarTerms,
            [
                At(s_cifarMirrors, "cifar-100-binary.tar.gz", 168_513_733, "58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec") with
                {
                    Members = ["train.bin", "test.bin"],
                    UnpackedBytes = 153_700_000 + 30_740_000,
                },
            ],
            folders => ImageSources.In(folders, "cifar100")),
        new("imagenet", "ImageNet", "For non-commercial research and education only, no redistribution; the terms of access of image-net.org apply.",
            [], folders => ImageSources.In(folders, "imagenet"))
        {
            Instructions = "It cannot be downloaded without an account: sign in at https://image-net.org, accept the terms, get "
                + string.Join(", ", ImageNetFiles.Official.All.Select(a => a.Name)) + " of ILSVRC 2012 into one folder, then: Tracker.Jobs data import imagenet FOLDER",
        },
    ];

    /// <summary>The package of a data set, also of one that is another form of it; or <see langword="null"/>.</summary>
    public static DatasetPackage? Find(string dataset) => All.FirstOrDefault(p => p.Name == ImageSources.FolderOf(dataset));

    private static RemoteFile At(string[] mirrors, string name, long bytes, string sha256) =>
        new(name, bytes, sha256, [.. mirrors.Select(m => new Uri(m + name))]);
}
