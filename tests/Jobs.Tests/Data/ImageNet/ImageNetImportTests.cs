using Tracker.Jobs.Data;
using Tracker.Jobs.Data.ImageNet;
using Tracker.Jobs.Tests.Fakes;
using Tracker.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Tracker.Jobs.Tests.Data.ImageNet;

public sealed class ImageNetImportTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly RecordingReport _report = new();
    private readonly TinyImageNet _archives;

    public ImageNetImportTests() => _archives = new(_directory.File("archives"));

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Archives_become_shards_of_decoded_images_with_their_labels()
    {
        await ImportAsync();
        using var scope = NewDisposeScope();
        var source = Source;
        source.Verify().Count().ShouldBe(4);
        using var validation = source.LoadValidation(CPU);
        validation.Labels.data<long>().ToArray().ShouldBe(TinyImageNet.ValidationLabels.Select(l => (long)l));
        for (var i = 0; i < 5; i++) ShouldBeOf(validation.Range(i, 1), TinyImageNet.ValidationColor(i + 1));

        using var training = source.LoadTraining(12, CPU);
        var labels = training.Labels.data<long>().ToArray();
        labels.GroupBy(l => l).Select(g => g.Count()).ShouldBe([4, 4, 4]);
        labels.ShouldNotBe(labels.Order().ToArray());
        for (var i = 0; i < 12; i++)
        {
            var green = training.Range(i, 1)[0, 1, 8, 8].ToByte();
            ShouldBeOf(training.Range(i, 1), TinyImageNet.Color((int)labels[i], (green - 30 + 20) / 40));
        }
        _report.Progress.ShouldContain(new DataProgress("Training images", 12, 12, "images"));
    }

    [Fact]
    public async Task An_import_that_is_interrupted_goes_on_with_the_missing_shards_and_ends_the_same()
    {
        await ImportAsync();
        var whole = Shards();
        Directory.Delete(_directory.File("data/imagenet"), recursive: true);

        using var interrupted = new CancellationTokenSource();
        var report = new RecordingReport { OnProgress = p => { if (p.What == "Training images" && p.Done > 5) interrupted.Cancel(); } };
        await Should.ThrowAsync<OperationCanceledException>(() => new ImageNetImport(_archives.Files, _directory.File("data"), report, TimeProvider.System)
            .RunAsync(_directory.File("archives"), interrupted.Token));
        Source.Locate().Count(f => f.Path is null).ShouldBe(2);
        Should.Throw<DataException>(() => Source.LoadTraining(12, CPU));

        await ImportAsync();
        Shards().ShouldBe(whole);
        _report.Progress.Clear();
        await ImportAsync();
        _report.Progress.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_class_that_is_there_twice_is_told()
    {
        _archives.WriteTraining("n02119789", "n01440764", "n02084071", "n01440764");
        await ExpectAsync("ILSVRC2012_img_train.tar", "class n01440764 once", "it twice");
    }

    [Fact]
    public async Task A_missing_and_an_unknown_class_are_told()
    {
        _archives.WriteTraining("n02119789", "n01440764");
        await ExpectAsync("ILSVRC2012_img_train.tar", "class n02084071", "none");
        _archives.WriteTraining("n02119789", "n99999999");
        await ExpectAsync("ILSVRC2012_img_train.tar", "one .tar file for each class", "'n99999999.tar'");
    }

    [Fact]
    public async Task Validation_images_that_are_missing_or_there_twice_are_told()
    {
        _archives.WriteValidation([1, 2, 3, 5]);
        await ExpectAsync("ILSVRC2012_img_val.tar", "5 images", "none with number 4");
        _archives.WriteValidation([1, 2, 3, 4, 5, 2]);
        await ExpectAsync("ILSVRC2012_img_val.tar", "'ILSVRC2012_val_00000002.JPEG' once", "it twice");
        _archives.WriteValidation([1, 2, 3, 4, 6]);
        await ExpectAsync("ILSVRC2012_img_val.tar", "ILSVRC2012_val_00000001.JPEG to ILSVRC2012_val_00000005.JPEG", "'ILSVRC2012_val_00000006.JPEG'");
    }

    [Fact]
    public async Task An_image_that_cannot_be_decoded_is_named()
    {
        _archives.WriteTrainingWithBroken("n01440764_2");
        var failure = await FailAsync();
        failure.File.ShouldBe($"{_archives.PathOf("ILSVRC2012_img_train.tar")}: n01440764_2.JPEG");
        failure.Expected.ShouldBe("a JPEG file");
    }

    [Fact]
    public async Task A_ground_truth_that_names_no_class_is_told()
    {
        _archives.WriteKit(TinyImageNet.Meta(), [3, 1, 4, 2, 1]);
        await ExpectAsync("ILSVRC2012_validation_ground_truth.txt", "the ILSVRC2012_ID of a class in every line", "'4' in line 3");
        _archives.WriteKit(TinyImageNet.Meta(), [3, 1]);
        await ExpectAsync("ILSVRC2012_validation_ground_truth.txt", "5 lines", "2");
        _archives.WriteKit(MatFiles.Write("others", [(1, "n1", 0)]), [3, 1, 1, 2, 1]);
        await ExpectAsync("meta.mat", "a variable 'synsets'", "none");
    }

    [Fact]
    public async Task Archives_that_are_missing_or_not_the_published_ones_are_told()
    {
        var files = _archives.Files;
        var path = _archives.PathOf("ILSVRC2012_img_val.tar");
        var bytes = File.ReadAllBytes(path);
        File.WriteAllBytes(path, bytes[..^512]);
        await ExpectAsync("ILSVRC2012_img_val.tar", $"{bytes.Length} bytes", $"{bytes.Length - 512}", files);
        bytes[600] ^= 1;
        File.WriteAllBytes(path, bytes);
        (await FailAsync(files)).Expected.ShouldBe($"MD5 {files.Validation.Md5}");
        File.Delete(path);
        await ExpectAsync("ILSVRC2012_img_val.tar", "the official archive", "none", files);
        Directory.EnumerateFiles(_directory.File("data/imagenet")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_disk_that_is_too_small_is_told_before_anything_is_written()
    {
        var import = new ImageNetImport(_archives.Files, _directory.File("data"), _report, TimeProvider.System) { FreeSpace = _ => 1000 };
        (await Should.ThrowAsync<DownloadException>(() => import.RunAsync(_directory.File("archives"), TestContext.Current.CancellationToken)))
            .Message.ShouldContain("0.0 GB are free");
    }

    [Fact]
    public void The_checked_names_are_those_of_the_catalogue()
    {
        DatasetPackages.Find("imagenet")!.Instructions!.ShouldContain("ILSVRC2012_img_train.tar, ILSVRC2012_img_val.tar, ILSVRC2012_devkit_t12.tar.gz");
        ImageNetFiles.Official.Layout.ShouldBe(ShardLayout.ImageNet);
    }

    private ShardSource Source => new(ImageSources.Folders("imagenet", _directory.File("data")), _archives.Files.Layout);

    private Task ImportAsync(ImageNetFiles? files = null) =>
        new ImageNetImport(files ?? _archives.Files, _directory.File("data"), _report, TimeProvider.System)
            .RunAsync(_directory.File("archives"), TestContext.Current.CancellationToken);

    private Task<DataException> FailAsync(ImageNetFiles? files = null) => Should.ThrowAsync<DataException>(() => ImportAsync(files));

    private async Task ExpectAsync(string file, string expected, string found, ImageNetFiles? files = null)
    {
        var failure = await FailAsync(files);
        failure.File.ShouldEndWith(file);
        (failure.Expected, failure.Found).ShouldBe((expected, found));
    }

    private List<(string Name, string Content)> Shards() =>
        [.. Directory.EnumerateFiles(_directory.File("data/imagenet")).Order(StringComparer.Ordinal).Select(f => (Path.GetFileName(f), Convert.ToBase64String(File.ReadAllBytes(f))))];

    private static void ShouldBeOf(Tensor image, (byte R, byte G, byte B) color)
    {
        image.shape.ShouldBe([1, 3, TinyImageNet.Size, TinyImageNet.Size]);
        byte[] expected = [color.R, color.G, color.B];
        for (var c = 0; c < 3; c++)
            foreach (var value in image[0, c].contiguous().data<byte>().ToArray()) Math.Abs(value - expected[c]).ShouldBeLessThanOrEqualTo(4);
    }
}
