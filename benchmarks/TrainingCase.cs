using System.Globalization;
using System.Text.Json;

namespace Tracker.Benchmarks;

/// <summary>Steps of one network that are timed, of ours or of PyTorch's.</summary>
/// <param name="Name">What the table calls it.</param>
/// <param name="Network">The network's name in the catalogue.</param>
/// <param name="Batch">Samples in a mini-batch.</param>
/// <param name="Ghost">Samples in a ghost batch; 0 for plain batch normalization.</param>
/// <param name="WarmUp">Steps before the clock runs.</param>
/// <param name="Steps">Steps that are timed, at least.</param>
/// <param name="PeerMode">What the PyTorch script does: <c>plain</c>, <c>chunks</c> (the authors' loop over ghosts) or <c>channels-last</c>.</param>
/// <param name="Goal">What the ratio should reach, or <see langword="null"/> for a comparison without a goal.</param>
internal sealed record TrainingCase(string Name, string Network, int Batch, int Ghost, int WarmUp, int Steps, string PeerMode, double? Goal)
{
    /// <summary>Enough images for whole batches of every size.</summary>
    private const int Images = 57_344;

    public static IReadOnlyList<TrainingCase> All { get; } =
    [
        new("F1 at 128", "f1", 128, 0, 40, 300, "plain", 1.5),
        new("F1 at 4096, GBN 128 / loop over ghosts", "f1", 4096, 128, 3, 12, "chunks", 1.3),
        new("F1 at 4096, GBN 128 / plain BN", "f1", 4096, 128, 3, 12, "plain", 1.05),
        new("C1 at 128", "c1", 128, 0, 3, 15, "plain", 1.15),
        new("ResNet-44 at 128", "resnet44", 128, 0, 2, 8, "plain", 1.1),
        new("ResNet-44 at 128 / channels last", "resnet44", 128, 0, 2, 8, "channels-last", null),
        new("VGG at 128", "vgg16", 128, 0, 1, 4, "plain", null),
        new("WResnet16-4 at 128", "wresnet16-4", 128, 0, 1, 4, "plain", 1.05),
        new("WResnet16-4 at 128 / channels last", "wresnet16-4", 128, 0, 1, 4, "channels-last", null),
    ];

    /// <summary>Pairs whose second differs from the first by ghosts alone: step times with and without them.</summary>
    public static IReadOnlyList<(TrainingCase Ghosts, TrainingCase Plain)> GhostPairs { get; } =
    [
        Pair("F1 at 4096", "f1", 4096, 3, 12),
        Pair("C1 at 512", "c1", 512, 2, 6),
    ];

    /// <summary>The run for our trainer: one epoch before regime adaptation, so that no evaluation falls into the steps that are timed.</summary>
    public string Specification => JsonSerializer.Serialize(new Dictionary<string, object?>
    {
        ["network"] = Network, ["dataset"] = Network == "f1" ? "fashion-mnist" : "fashion-mnist-32", ["seed"] = 0, ["epochs"] = 1,
        ["method"] = Batch == 128 ? "sb" : Ghost > 0 ? "lb+gbn+ra" : "lb+ra", ["smallBatch"] = 128, ["batch"] = Batch, ["trainExamples"] = Images,
        ["ghostBatch"] = Ghost > 0 ? Ghost : null, ["parameters"] = new { learningRate = 0.01, momentum = 0.9, weightDecay = 1e-4 },
    }.Where(entry => entry.Value is not null).ToDictionary());

    public string[] PeerArguments(int threads) =>
    [
        $"--network={Network}", $"--batch={Batch}", $"--ghost={(PeerMode == "chunks" ? Ghost : 0)}", $"--warm-up={WarmUp}", $"--steps={Steps}",
        $"--examples={Images}", $"--threads={threads.ToString(CultureInfo.InvariantCulture)}", .. PeerMode == "channels-last" ? new[] { "--channels-last" } : [],
    ];

    private static (TrainingCase, TrainingCase) Pair(string name, string network, int batch, int warmUp, int steps) =>
        (new(name, network, batch, 128, warmUp, steps, "plain", 1.03), new(name, network, batch, 0, warmUp, steps, "plain", null));
}
