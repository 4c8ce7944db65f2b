using Tracker.Domain;
using static TorchSharp.torch;

namespace Tracker.Training.Tests;

/// <summary>Each network, stopped after any step and resumed, ends as if it had never been stopped.</summary>
public sealed class NetworkResumeTests : IDisposable
{
    private const int Validation = 6;

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    /// <summary>AlexNet and VGG once only: their checkpoints have 120 to 240 megabytes.</summary>
    public static TheoryData<string, string> Runs =>
    [
        .. NetworkFactory.Names.Select(network => new TheoryDataRow<string, string>(network, "batch")),
        .. NetworkFactory.Names.Where(network => !IsLarge(network)).Select(network => new TheoryDataRow<string, string>(network, "none")),
    ];

    [Theory]
    [MemberData(nameof(Runs))]
    public void A_run_that_is_stopped_after_every_step_ends_with_the_same_weights_and_the_same_points(string network, string normalization)
    {
        var spec = Spec(network, normalization, steps: IsLarge(network) ? 2 : 4);
        var attempts = new Attempts(_directory.Path, MadeUpImages);
        var whole = new RecordingSink();
        var expected = attempts.Train(spec, whole).ShouldNotBeNull();
        expected.Steps.ShouldBe(RunPlan.For(spec).TotalSteps);

        var (result, points) = attempts.TrainInterrupted(spec, total => Enumerable.Range(1, (int)total - 1).Select(s => (long)s));

        result.WeightsSha256.ShouldBe(expected.WeightsSha256);
        RecordingSink.Describe(points).ShouldBe(RecordingSink.Describe(whole.Points));
        result.FinalValidationAccuracy.ShouldBe(expected.FinalValidationAccuracy);
    }

    [Theory]
    [InlineData("c3")]
    [InlineData("resnet44")]
    [InlineData("wresnet16-4")]
    public void The_same_run_gives_the_same_bits_and_another_seed_gives_others(string network)
    {
        var attempts = new Attempts(_directory.Path, MadeUpImages);
        string Hash(int seed) => attempts.Train(Spec(network, "batch", steps: 2, seed), new RecordingSink()).ShouldNotBeNull().WeightsSha256;
        var first = Hash(0);
        Hash(0).ShouldBe(first);
        Hash(1).ShouldNotBe(first);
    }

    private static bool IsLarge(string network) => network is "alexnet" or "vgg16";

    /// <summary>Batches of 4 in ghosts of 2, the last one smaller; the last of the network's data sets.</summary>
    private static RunSpec Spec(string network, string normalization, int steps, int seed = 0)
    {
        var method = normalization == "none" ? "lb+lr" : "lb+lr+gbn";
        var ghost = normalization == "none" ? "" : "\"ghostBatch\": 2,";
        var epochs = steps / 2;
        return SpecReader.ReadRun($$"""
            { "network": "{{network}}", "dataset": "{{Catalogue.GetNetwork(network).Datasets[^1]}}", "method": "{{method}}", "normalization": "{{normalization}}",
              "batch": 4, "smallBatch": 2, {{ghost}} "seed": {{seed}}, "epochs": {{epochs}}, "trainExamples": 7, "parameters": { "learningRate": 0.01, "momentum": {{(network == "alexnet" ? 0 : 0.9)}} } }
            """);
    }

    private static TrainingData MadeUpImages(RunSpec spec, Device device)
    {
        var dataset = Catalogue.GetDataset(spec.Dataset);
        return new(Set(dataset, 1, spec.TrainExamples, device), Set(dataset, 2, Validation, device), DatasetPreprocessing.Of(spec.Dataset), dataset.Classes);
    }

    /// <summary>Random pixels of the stored size: ImageNet's is larger than what is cropped of it.</summary>
    private static ImageSet Set(Dataset dataset, int seed, int count, Device device)
    {
        var side = dataset.Name == "imagenet" ? 256 : dataset.Height;
        var random = new Random(seed);
        var (pixels, labels) = (new byte[count * dataset.Channels * side * side], new byte[count]);
        random.NextBytes(pixels);
        for (var i = 0; i < count; i++) labels[i] = (byte)random.Next(Math.Min(dataset.Classes, 256));
        return new(pixels, labels, (dataset.Channels, side, side), device);
    }
}
