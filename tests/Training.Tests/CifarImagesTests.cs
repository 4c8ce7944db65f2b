using TorchSharp;
using static TorchSharp.torch;

namespace Tracker.Training.Tests;

public sealed class CifarImagesTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Images_go_on_from_one_file_to_the_next_channel_by_channel()
    {
        using var scope = NewDisposeScope();
        using var training = (ImageSet)Source(CifarFiles.WriteDataSet(_directory.Path, 10)).LoadTraining(14, CPU);
        training.Images.shape.ShouldBe([14, 3, 32, 32]);
        training.Labels.data<long>().ToArray().ShouldBe([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 0, 1]);
        for (var i = 0; i < 14; i++)
        {
            var inFile = i < 12 ? i : i - 12;
            training.Images[i].contiguous().data<byte>().ToArray().ShouldBe(Enumerable.Range(0, CifarFiles.Pixels).Select(p => CifarFiles.Pixel(inFile, p)));
        }
        training.Images[1, 2, 0, 5].ToByte().ShouldBe(CifarFiles.Pixel(1, 2 * 1024 + 5));
    }

    [Fact]
    public void The_second_of_two_label_bytes_is_the_one_to_learn()
    {
        var source = Source(CifarFiles.WriteDataSet(_directory.Path, 2, 100));
        using var validation = (ImageSet)source.LoadValidation(CPU);
        validation.Labels.data<long>().ToArray().ShouldBe([0, 1, 2, 3, 4]);
        validation.Images[3, 0, 0, 0].ToByte().ShouldBe(CifarFiles.Pixel(3, 0));
    }

    [Theory]
    [InlineData(-1, "12291")]
    [InlineData(-3073, "9219")]
    [InlineData(1, "more")]
    public void A_file_of_another_length_is_told_with_both(int change, string found)
    {
        var layout = CifarFiles.WriteDataSet(_directory.Path, 10);
        var bytes = CifarFiles.Records(4, 10);
        File.WriteAllBytes(_directory.File("two.bin"), change > 0 ? [.. bytes, 0] : bytes[..^-change]);
        Expect(Fails(layout), "two.bin", "12292 bytes", found);
    }

    [Fact]
    public void One_changed_pixel_is_noticed()
    {
        var layout = CifarFiles.WriteDataSet(_directory.Path, 10);
        var bytes = CifarFiles.Records(4, 10);
        bytes[^1] ^= 1;
        var found = CifarFiles.Write(_directory.Path, "two.bin", 4, bytes).Checksum;
        Expect(Fails(layout), "two.bin", $"SHA-256 {layout.Training[1].Checksum.Digest}", found.Digest);
    }

    [Theory]
    [InlineData(0, 20, "labels from 0 to 19")]
    [InlineData(1, 100, "labels from 0 to 99")]
    public void A_label_out_of_range_is_told_with_its_image(int place, byte label, string expected)
    {
        var layout = CifarFiles.WriteDataSet(_directory.Path, 20, 100);
        var bytes = CifarFiles.Records(4, 20, 100);
        bytes[2 * 3074 + place] = label;
        var changed = layout with { Training = [layout.Training[0], CifarFiles.Write(_directory.Path, "two.bin", 4, bytes)] };
        Expect(Fails(changed), "two.bin", expected, $"{label} as label of image 2");
    }

    [Fact]
    public void A_missing_file_is_told_with_what_to_do()
    {
        var layout = CifarFiles.WriteDataSet(_directory.Path, 10);
        File.Delete(_directory.File("two.bin"));
        var failure = Fails(layout);
        failure.File.ShouldBe("two.bin");
        failure.Message.ShouldContain($"the file in {_directory.Path}");
        failure.Message.ShouldContain("data get cifar10");
    }

    [Fact]
    public void Files_beyond_the_wanted_images_are_not_read()
    {
        var layout = CifarFiles.WriteDataSet(_directory.Path, 10);
        File.Delete(_directory.File("two.bin"));
        using var training = Source(layout).LoadTraining(12, CPU);
        training.Count.ShouldBe(12);
        Should.Throw<DataException>(() => Source(layout).LoadTraining(17, CPU)).Expected.ShouldBe("at least 17 training images");
    }

    [Fact]
    public void Official_files_are_found_where_the_archive_unpacks_to()
    {
        Directory.CreateDirectory(_directory.File("cifar10/cifar-10-batches-bin"));
        foreach (var file in CifarImages.Cifar10.Training.Append(CifarImages.Cifar10.Test))
            File.WriteAllBytes(_directory.File($"cifar10/cifar-10-batches-bin/{file.Name}"), [1, 2, 3]);
        var source = ImageSources.For("cifar10", _directory.Path);
        source.Locate().Select(f => f.Path).ShouldBe(CifarImages.Cifar10.Training.Append(CifarImages.Cifar10.Test).Select(f => _directory.File($"cifar10/cifar-10-batches-bin/{f.Name}")));
        var failure = Should.Throw<DataException>(() => source.LoadValidation(CPU));
        (failure.Expected, failure.Found).ShouldBe(("30730000 bytes", "3"));
    }

    private CifarImages Source(CifarLayout layout) => new(new([_directory.Path], "Tracker.Jobs data get cifar10"), layout);

    private DataException Fails(CifarLayout layout) => Should.Throw<DataException>(() => Source(layout).LoadTraining(16, CPU));

    private void Expect(DataException failure, string file, string expected, string found)
    {
        (failure.File, failure.Expected, failure.Found).ShouldBe((_directory.File(file), expected, found));
    }
}
