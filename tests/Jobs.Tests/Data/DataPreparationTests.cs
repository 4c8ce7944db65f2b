using Tracker.Domain;
using Tracker.Jobs.Child;
using Tracker.Jobs.Data;
using Tracker.Jobs.Tests.Fakes;

namespace Tracker.Jobs.Tests.Data;

public sealed class DataPreparationTests : IDisposable
{
    private static readonly byte[] s_archive = TinyCifar.Archive(TinyCifar.Files);
    private static readonly RunSpec s_spec = Samples.Spec with { Network = "c1", Dataset = "cifar10" };

    private readonly TemporaryDirectory _directory = new();
    private readonly RecordingSink _sink = new();
    private readonly RecordingTrainer _trainer = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_missing_data_set_is_downloaded_before_training_and_the_page_is_told()
    {
        await using var server = new FileServer(r => FileServer.Serve(s_archive, r));
        var end = Train(TinyCifar.Package(s_archive, server.At("a")), mayDownload: true);

        end.ExitCode.ShouldBe(ExitCodes.Done);
        _trainer.FilesAtStart.ShouldBe(TinyCifar.Files.Keys, ignoreOrder: true);
        _sink.Events[0].ShouldContain("CIFAR-10 is not on this host");
        _sink.Events[0].ShouldContain("Terms: Cite it.");
        _sink.Events.ShouldContain(e => e.StartsWith("cifar-10-binary.tar.gz: 100 %"));
        _sink.Events.Count.ShouldBeLessThan(25);
        Train(TinyCifar.Package(s_archive, server.At("a")), mayDownload: true).ExitCode.ShouldBe(ExitCodes.Done);
        server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public void Where_downloads_are_forbidden_the_run_says_what_to_do()
    {
        var end = Train(TinyCifar.Package(s_archive, new Uri("http://127.0.0.1:9/never")), mayDownload: false);
        end.ExitCode.ShouldBe(ExitCodes.BadData);
        end.Message.ShouldNotBeNull();
        end.Message.ShouldContain("Downloads are forbidden on this host");
        end.Message.ShouldContain($"Tracker.Jobs data get cifar10 --data {_directory.Path}");
        _trainer.FilesAtStart.ShouldBeNull();
    }

    [Fact]
    public void What_cannot_be_downloaded_is_explained()
    {
        var package = TinyCifar.Package(s_archive) with { Files = [], Instructions = "An account is needed." };
        var end = Train(package, mayDownload: true);
        (end.ExitCode, end.Message!.EndsWith("An account is needed.", StringComparison.Ordinal)).ShouldBe((ExitCodes.BadData, true));
    }

    [Fact]
    public async Task A_download_that_fails_ends_the_run_with_every_reason()
    {
        await using var server = new FileServer(_ => FileServer.NotFound);
        var end = Train(TinyCifar.Package(s_archive, server.At("a")), mayDownload: true);
        end.ExitCode.ShouldBe(ExitCodes.BadData);
        end.Message.ShouldNotBeNull();
        end.Message.ShouldContain("answers 404 Not Found");
        end.Message.ShouldContain("Tracker.Jobs data import cifar10 PATH");
    }

    [Fact]
    public async Task A_run_that_is_stopped_while_it_downloads_is_stopped()
    {
        var never = new TaskCompletionSource();
        await using var server = new FileServer(r => FileServer.Serve(s_archive, r) with { WaitBeforeBody = never.Task });
        using var stop = new CancellationTokenSource();
        _sink.OnEvent = _ => stop.Cancel();
        Train(TinyCifar.Package(s_archive, server.At("a")), mayDownload: true, stop.Token).ExitCode.ShouldBe(ExitCodes.Stopped);
    }

    [Fact]
    public void Every_data_set_of_the_catalogue_has_a_package() =>
        Catalogue.Datasets.Where(d => DatasetPackages.Find(d.Name) is null).Select(d => d.Name).ShouldBeEmpty();

    private TrainingEnd Train(DatasetPackage package, bool mayDownload, CancellationToken stop = default)
    {
        var limits = new DownloadLimits(Retries: 1, FirstDelay: TimeSpan.FromMilliseconds(1), Silence: TimeSpan.FromSeconds(10));
        var trainer = new PreparingTrainer(_trainer, new(_ => package, limits, TimeProvider.System));
        return trainer.Train(new(s_spec, "cpu", 1, _directory.Path, _directory.Path, null, TimeSpan.Zero, mayDownload), _sink, stop);
    }

    private sealed class RecordingTrainer : ITrainer
    {
        public IReadOnlyList<string>? FilesAtStart { get; private set; }

        public TrainingEnd Train(TrainingOrder order, IRunSink sink, CancellationToken stop)
        {
            FilesAtStart = [.. Directory.EnumerateFiles(Path.Combine(order.DataDirectory, order.Spec.Dataset)).Select(f => Path.GetFileName(f))];
            return new(ExitCodes.Done);
        }
    }

    private sealed class RecordingSink : IRunSink
    {
        public List<string> Events { get; } = [];

        public Action<string> OnEvent { get; set; } = _ => { };

        public void Report(in MetricPoint point) => throw new NotSupportedException();

        public void Progress(RunProgress progress) => throw new NotSupportedException();

        public void Checkpoint(CheckpointInfo checkpoint) => throw new NotSupportedException();

        public void Event(EventLevel level, string message)
        {
            Events.Add(message);
            OnEvent(message);
        }
    }
}
