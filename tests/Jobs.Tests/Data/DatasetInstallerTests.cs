using Tracker.Jobs.Data;
using Tracker.Jobs.Tests.Fakes;
using Tracker.Training;

namespace Tracker.Jobs.Tests.Data;

public sealed class DatasetInstallerTests : IDisposable
{
    private static readonly byte[] s_archive = TinyCifar.Archive(TinyCifar.Files, "batches.meta.txt", "../../escaped.txt", "/tmp/absolute.bin");

    private readonly TemporaryDirectory _directory = new();
    private readonly RecordingReport _report = new();
    private readonly Downloader _downloader = new(new(Retries: 1, FirstDelay: TimeSpan.FromMilliseconds(1), Silence: TimeSpan.FromSeconds(10)));

    public void Dispose()
    {
        _downloader.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task A_data_set_is_downloaded_unpacked_and_put_in_its_place()
    {
        await using var server = new FileServer(r => FileServer.Serve(s_archive, r));
        var package = TinyCifar.Package(s_archive, server.At("a"));
        await GetAsync(package);

        Installed().ShouldBe(TinyCifar.Files.Keys, ignoreOrder: true);
        package.SourceIn(_directory.Path).Verify().Count().ShouldBe(3);
        AllFiles().ShouldBe([.. TinyCifar.Files.Keys.Select(f => $"cifar10/{f}"), ".downloads/cifar10.lock"], ignoreOrder: true);
        _report.Said.Last().ShouldContain("CIFAR-10 is complete");

        await GetAsync(package);
        server.Requests.Count.ShouldBe(1);
        _report.Said.Last().ShouldContain("there and intact");
    }

    [Fact]
    public async Task A_damaged_file_is_replaced()
    {
        await using var server = new FileServer(r => FileServer.Serve(s_archive, r));
        var package = TinyCifar.Package(s_archive, server.At("a"));
        await GetAsync(package);
        File.WriteAllBytes(_directory.File("cifar10/test_batch.bin"), [1, 2, 3]);
        await GetAsync(package);
        package.SourceIn(_directory.Path).Verify().Count().ShouldBe(3);
        _report.Said.ShouldContain(s => s.Contains("found 3") && s.Contains("downloaded anew"));
    }

    [Fact]
    public async Task An_archive_without_a_file_is_refused_and_nothing_is_put_in_place()
    {
        var incomplete = TinyCifar.Archive(TinyCifar.Files.Where(f => f.Key != "test_batch.bin").ToDictionary());
        await using var server = new FileServer(r => FileServer.Serve(incomplete, r));
        var failure = await Should.ThrowAsync<DataException>(() => GetAsync(TinyCifar.Package(incomplete, server.At("a"))));
        failure.Expected.ShouldBe("'test_batch.bin' in it");
        Installed().ShouldBeEmpty();
    }

    [Fact]
    public async Task An_archive_that_has_a_file_twice_is_refused()
    {
        var doubled = TinyCifar.Archive(TinyCifar.Files, "elsewhere/test_batch.bin");
        await using var server = new FileServer(r => FileServer.Serve(doubled, r));
        (await Should.ThrowAsync<DataException>(() => GetAsync(TinyCifar.Package(doubled, server.At("a"))))).Found.ShouldBe("it twice");
        Installed().ShouldBeEmpty();
    }

    [Fact]
    public async Task Content_that_is_not_the_published_one_is_not_put_in_place()
    {
        var changed = TinyCifar.Files.ToDictionary();
        changed["data_batch_2.bin"] = [.. changed["data_batch_2.bin"].Reverse()];
        var archive = TinyCifar.Archive(changed);
        await using var server = new FileServer(r => FileServer.Serve(archive, r));
        (await Should.ThrowAsync<DataException>(() => GetAsync(TinyCifar.Package(archive, server.At("a"))))).File.ShouldEndWith("data_batch_2.bin");
        Installed().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_full_disk_is_told_before_anything_is_downloaded()
    {
        await using var server = new FileServer(r => FileServer.Serve(s_archive, r));
        var installer = new DatasetInstaller(_directory.Path, _downloader, _report, TimeProvider.System) { FreeSpace = _ => 1000 };
        var failure = await Should.ThrowAsync<DownloadException>(() => installer.GetAsync(TinyCifar.Package(s_archive, server.At("a")), Token));
        failure.Message.ShouldContain("0.0 MB are free");
        server.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Two_at_once_download_once()
    {
        var waits = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = new FileServer(r => FileServer.Serve(s_archive, r) with { WaitBeforeBody = waits.Task });
        var package = TinyCifar.Package(s_archive, server.At("a"));
        var first = GetAsync(package);
        var second = new RecordingReport { OnSay = s => { if (s.Contains("waiting")) waits.TrySetResult(); } };
        while (server.Requests.IsEmpty) await Task.Yield();
        await new DatasetInstaller(_directory.Path, _downloader, second, TimeProvider.System).GetAsync(package, Token);
        await first;
        server.Requests.Count.ShouldBe(1);
        second.Said.Last().ShouldContain("there and intact");
    }

    [Fact]
    public async Task An_interrupted_get_leaves_nothing_to_train_on_and_the_next_one_goes_on()
    {
        using var interrupted = new CancellationTokenSource();
        var report = new RecordingReport { OnProgress = p => { if (p.Done > p.Total / 3) interrupted.Cancel(); } };
        var cuts = 0;
        await using var server = new FileServer(r => FileServer.Serve(s_archive, r) with { SendOnly = cuts++ == 0 ? s_archive.Length / 2 : null });
        var package = TinyCifar.Package(s_archive, server.At("a"));
        await Should.ThrowAsync<OperationCanceledException>(() => new DatasetInstaller(_directory.Path, _downloader, report, TimeProvider.System).GetAsync(package, interrupted.Token));
        Installed().ShouldBeEmpty();
        await GetAsync(package);
        server.Requests.Last().From.ShouldNotBeNull();
        package.SourceIn(_directory.Path).Verify().Count().ShouldBe(3);
    }

    [Fact]
    public async Task An_archive_or_its_files_can_be_imported()
    {
        var package = TinyCifar.Package(s_archive);
        Directory.CreateDirectory(_directory.File("elsewhere"));
        File.WriteAllBytes(_directory.File("elsewhere/cifar-10-binary.tar.gz"), s_archive);
        await ImportAsync(package, _directory.File("elsewhere"));
        Installed().ShouldBe(TinyCifar.Files.Keys, ignoreOrder: true);

        Directory.Delete(_directory.File("cifar10"), recursive: true);
        foreach (var (name, content) in TinyCifar.Files) File.WriteAllBytes(_directory.File($"elsewhere/{name}"), content);
        File.Delete(_directory.File("elsewhere/cifar-10-binary.tar.gz"));
        await ImportAsync(package, _directory.File("elsewhere"));
        package.SourceIn(_directory.Path).Verify().Count().ShouldBe(3);
    }

    [Fact]
    public async Task What_is_imported_must_be_whole()
    {
        var package = TinyCifar.Package(s_archive);
        Directory.CreateDirectory(_directory.File("elsewhere"));
        File.WriteAllBytes(_directory.File("elsewhere/data.tar.gz"), s_archive[..^1]);
        var failure = await Should.ThrowAsync<DataException>(() => ImportAsync(package, _directory.File("elsewhere/data.tar.gz")));
        (failure.Expected, failure.Found).ShouldBe(($"{s_archive.Length} bytes", $"{s_archive.Length - 1}"));
        File.WriteAllBytes(_directory.File("elsewhere/test_batch.bin"), TinyCifar.Files["test_batch.bin"]);
        (await Should.ThrowAsync<DataException>(() => ImportAsync(package, _directory.File("elsewhere")))).File.ShouldEndWith("data_batch_1.bin");
        Installed().ShouldBeEmpty();
    }

    [Fact]
    public async Task The_listing_tells_what_is_there_and_how_to_get_the_rest()
    {
        var package = TinyCifar.Package(s_archive);
        DataListing.Describe([package], _directory.Path).ShouldContain("cifar10        missing     Tracker.Jobs data get cifar10");
        Directory.CreateDirectory(_directory.File("elsewhere"));
        File.WriteAllBytes(_directory.File("elsewhere/cifar-10-binary.tar.gz"), s_archive);
        await ImportAsync(package, _directory.File("elsewhere"));
        DataListing.Describe([package], _directory.Path).ShouldContain($"cifar10        present     0.2 MB in {_directory.File("cifar10")}");
        File.Delete(_directory.File("cifar10/data_batch_2.bin"));
        DataListing.Describe([package], _directory.Path).ShouldContain("cifar10        incomplete  2 of 3 files, without data_batch_2.bin: Tracker.Jobs data get cifar10");
    }

    [Fact]
    public void Of_many_missing_files_the_first_are_named()
    {
        DataListing.Names(["a", "b", "c", "d"]).ShouldBe("a, b, c, d");
        DataListing.Names(["a", "b", "c", "d", "e"]).ShouldBe("a, b, c and 2 others");
        DataListing.Describe(DatasetPackages.All, _directory.Path).ShouldContain("imagenet       missing     by hand: Tracker.Jobs data get imagenet tells how");
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private Task GetAsync(DatasetPackage package) => Installer.GetAsync(package, Token);

    private Task ImportAsync(DatasetPackage package, string path) => Installer.ImportAsync(package, path, Token);

    private DatasetInstaller Installer => new(_directory.Path, _downloader, _report, TimeProvider.System);

    private IEnumerable<string> Installed() =>
        Directory.Exists(_directory.File("cifar10")) ? Directory.EnumerateFiles(_directory.File("cifar10")).Select(f => Path.GetFileName(f)) : [];

    private IEnumerable<string> AllFiles() =>
        Directory.EnumerateFiles(_directory.Path, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(_directory.Path, f));
}
