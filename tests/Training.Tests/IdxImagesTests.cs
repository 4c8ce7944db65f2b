using TorchSharp;
using static TorchSharp.torch;

namespace Tracker.Training.Tests;

public sealed class IdxImagesTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void The_installed_data_set_is_the_published_one()
    {
        var files = ImageSources.For("fashion-mnist", null);
        using var training = (ImageSet)files.LoadTraining(60_000, CPU);
        using var validation = files.LoadValidation(CPU);
        using var scope = NewDisposeScope();
        training.Images.shape.ShouldBe([60_000, 1, 28, 28]);
        validation.Count.ShouldBe(10_000);
        training.Labels.bincount(null, 10).data<long>().ToArray().ShouldAllBe(n => n == 6000);
        var mean = training.Images.to(ScalarType.Float32).mean().ToDouble() / 255;
        mean.ShouldBe(0.2860, 0.0001);
    }

    [Fact]
    public void Intact_files_give_the_first_images_and_their_labels()
    {
        var files = Source([_directory.File("elsewhere"), _directory.Path], IdxFiles.WriteDataSet(_directory.Path));
        using var training = (ImageSet)files.LoadTraining(5, CPU);
        training.Count.ShouldBe(5);
        training.Labels.data<long>().ToArray().ShouldBe([0, 1, 2, 3, 9]);
        training.Images.data<byte>().ToArray().ShouldBe(IdxFiles.Pixels(5 * 784));
    }

    [Fact]
    public void A_file_may_lie_there_uncompressed()
    {
        var contents = IdxFiles.WriteDataSet(_directory.Path);
        File.WriteAllBytes(_directory.File("test-labels"), IdxFiles.Bytes([3, 2, 1, 0], 4));
        File.Delete(_directory.File("test-labels.gz"));
        using var validation = Source([_directory.Path], contents).LoadValidation(CPU);
        validation.Labels.data<long>().ToArray().ShouldBe([3, 2, 1, 0]);
    }

    [Fact]
    public void A_missing_file_is_named_with_the_places_searched()
    {
        var contents = IdxFiles.WriteDataSet(_directory.Path);
        File.Delete(_directory.File("train-images.gz"));
        var failure = Fails(contents);
        failure.File.ShouldBe("train-images.gz");
        failure.Expected.ShouldContain(_directory.Path);
        failure.Message.ShouldContain("data get something");
    }

    [Theory]
    [InlineData(0, "an IDX header of 16 bytes", "0 bytes")]
    [InlineData(10, "an IDX header of 16 bytes", "10 bytes")]
    [InlineData(1000, "4720 bytes after decompression", "1000")]
    [InlineData(4719, "4720 bytes after decompression", "4719")]
    public void A_truncated_content_is_told_with_both_lengths(int length, string expected, string found)
    {
        var contents = IdxFiles.WriteDataSet(_directory.Path);
        IdxFiles.Write(_directory.Path, "train-images", IdxFiles.Bytes(IdxFiles.Pixels(6 * 784), 6, 28, 28)[..length]);
        Expect(Fails(contents), expected, found);
    }

    [Fact]
    public void A_truncated_gzip_file_is_no_data_set()
    {
        var contents = IdxFiles.WriteDataSet(_directory.Path);
        var path = _directory.File("train-images.gz");
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..^20]);
        Fails(contents).File.ShouldBe(path);
    }

    [Fact]
    public void Bytes_that_are_no_gzip_are_told_as_damage()
    {
        var contents = IdxFiles.WriteDataSet(_directory.Path);
        File.WriteAllText(_directory.File("train-images.gz"), "<html>404 Not Found</html>");
        Fails(contents).Expected.ShouldBe("an intact gzip file");
    }

    [Fact]
    public void A_file_that_goes_on_too_long_is_refused()
    {
        var contents = IdxFiles.WriteDataSet(_directory.Path);
        IdxFiles.Write(_directory.Path, "train-images", [.. IdxFiles.Bytes(IdxFiles.Pixels(6 * 784), 6, 28, 28), 0]);
        Expect(Fails(contents), "4720 bytes after decompression", "more");
    }

    [Fact]
    public void Labels_in_the_place_of_images_are_told_by_their_magic_number()
    {
        var contents = IdxFiles.WriteDataSet(_directory.Path);
        IdxFiles.Write(_directory.Path, "train-images", IdxFiles.Bytes(IdxFiles.Pixels(100), 100));
        Expect(Fails(contents), "the magic number 2051", "2049");
    }

    [Fact]
    public void Another_number_of_images_is_told()
    {
        var contents = IdxFiles.WriteDataSet(_directory.Path);
        IdxFiles.Write(_directory.Path, "train-images", IdxFiles.Bytes(IdxFiles.Pixels(5 * 784), 5, 28, 28));
        Expect(Fails(contents), "6 items", "5");
    }

    [Fact]
    public void One_changed_pixel_is_noticed()
    {
        var contents = IdxFiles.WriteDataSet(_directory.Path);
        var bytes = IdxFiles.Bytes(IdxFiles.Pixels(6 * 784), 6, 28, 28);
        bytes[2000] ^= 1;
        var sum = IdxFiles.Write(_directory.Path, "train-images", bytes).Sha256;
        Expect(Fails(contents), $"SHA-256 {contents[0].Sha256} of the uncompressed bytes", sum);
    }

    [Fact]
    public void A_label_out_of_range_is_told_with_its_image()
    {
        var contents = IdxFiles.WriteDataSet(_directory.Path);
        contents[1] = IdxFiles.Write(_directory.Path, "train-labels", IdxFiles.Bytes([0, 1, 2, 10, 4, 5], 6), 6);
        var failure = Fails(contents);
        failure.File.ShouldBe(_directory.File("train-labels.gz"));
        Expect(failure, "labels from 0 to 9", "10 as label of image 3");
    }

    [Fact]
    public void Every_file_is_verified_and_named()
    {
        var contents = IdxFiles.WriteDataSet(_directory.Path);
        var source = Source([_directory.Path], contents);
        source.Verify().ShouldBe(contents.Select(c => _directory.File(c.Name + ".gz")));
        File.Delete(_directory.File("test-labels.gz"));
        source.Locate().Select(f => f.Path is null).ShouldBe([false, false, false, true]);
        Should.Throw<DataException>(() => source.Verify().Count()).File.ShouldBe("test-labels.gz");
    }

    private static IdxImages Source(IReadOnlyList<string> directories, IReadOnlyList<IdxContent> contents) =>
        new(new DataFolders(directories, "Tracker.Jobs data get something"), contents);

    private DataException Fails(IReadOnlyList<IdxContent> contents) =>
        Should.Throw<DataException>(() => Source([_directory.Path], contents).LoadTraining(6, CPU));

    private static void Expect(DataException failure, string expected, string found)
    {
        failure.Expected.ShouldBe(expected);
        failure.Found.ShouldBe(found);
        failure.Message.ShouldBe($"{failure.File}: expected {expected}, found {found}.");
    }
}
