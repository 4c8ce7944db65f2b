using System.Text.Json.Nodes;
using Tracker.Domain;
using Tracker.Jobs.Standalone;
using Tracker.Jobs.Tests.Fakes;
using Tracker.Training;

namespace Tracker.Jobs.Tests.Standalone;

/// <summary>Training on a small data set in CIFAR-10's form, from its files to the result.</summary>
public sealed class CifarTrainingTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public CifarTrainingTests()
    {
        Directory.CreateDirectory(_directory.File("data/cifar10"));
        foreach (var (name, content) in TinyCifar.Files) File.WriteAllBytes(_directory.File($"data/cifar10/{name}"), content);
    }

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_run_trains_on_the_files_of_its_data_directory()
    {
        var spec = SpecReader.ReadRun("""{ "network": "c1", "dataset": "cifar10", "method": "lb", "batch": 20, "epochs": 2, "trainExamples": 40 }""");
        var run = new StandaloneRun(spec, _directory.File("out"), resume: false);
        var options = new TrainingOptions { CheckpointDirectory = _directory.File("out"), Threads = 1, DataDirectory = _directory.File("data"), Sources = Tiny };
        run.Train(options, CancellationToken.None).ShouldBeTrue();
        var result = JsonNode.Parse(File.ReadAllText(_directory.File("out/result.json")))!;
        result["steps"]!.GetValue<int>().ShouldBe(4);
        result["finalValidationAccuracy"]!.GetValue<double>().ShouldBeInRange(0, 1);

        File.WriteAllBytes(_directory.File("data/cifar10/test_batch.bin"), TinyCifar.Files["test_batch.bin"][..^1]);
        Should.Throw<DataException>(() => run.Train(options, CancellationToken.None)).File.ShouldEndWith("test_batch.bin");
    }

    private static CifarImages Tiny(string dataset, string? dataDirectory) =>
        new CifarImages(ImageSources.Folders(dataset, dataDirectory), TinyCifar.Layout);
}
