using Tracker.Domain;
using TorchSharp;
using static TorchSharp.torch;

namespace Tracker.Training.Tests;

public sealed class ShardTests : IDisposable
{
    private const int ImageLength = 3 * 8 * 8;
    private static readonly ShardLayout s_layout = new(Training: 10, Validation: 3, Classes: 5, Size: 8, PerShard: 4);

    private readonly TemporaryDirectory _directory = new();

    public ShardTests()
    {
        foreach (var shard in s_layout.TrainingShards) Write(shard, 0);
        foreach (var shard in s_layout.ValidationShards) Write(shard, 100);
    }

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Images_and_labels_are_found_across_shards()
    {
        using var scope = NewDisposeScope();
        using var images = Source.LoadTraining(9, CPU);
        images.Count.ShouldBe(9);
        images.Labels.data<long>().ToArray().ShouldBe([0, 1, 2, 3, 4, 0, 1, 2, 3]);
        long[] wanted = [7, 0, 3, 4, 8, 0];
        var selected = images.Select(tensor(wanted));
        selected.shape.ShouldBe([6, 3, 8, 8]);
        selected.data<byte>().ToArray().ShouldBe(wanted.SelectMany(i => Image((int)i)));
        images.Range(2, 4).data<byte>().ToArray().ShouldBe(Enumerable.Range(2, 4).SelectMany(Image));
    }

    [Fact]
    public void What_is_selected_does_not_depend_on_what_was_expected()
    {
        using var scope = NewDisposeScope();
        using var images = Source.LoadTraining(10, CPU);
        images.Expect(() => tensor(new long[] { 9, 8, 7 }));
        images.Select(tensor(new long[] { 1, 9 })).data<byte>().ToArray().ShouldBe(Image(1).Concat(Image(9)));
        images.Expect(() => tensor(new long[] { 2 }));
    }

    [Fact]
    public void Only_the_shards_of_the_wanted_images_are_opened()
    {
        File.Delete(Path("train-0002-of-0003.shard"));
        using var images = Source.LoadTraining(8, CPU);
        images.Count.ShouldBe(8);
        var failure = Should.Throw<DataException>(() => Source.LoadTraining(9, CPU));
        failure.File.ShouldBe("train-0002-of-0003.shard");
        Source.Locate().Where(f => f.Path is null).Select(f => f.Name).ShouldBe(["train-0002-of-0003.shard"]);
    }

    [Fact]
    public void Every_shard_is_verified_byte_by_byte()
    {
        Source.Verify().Count().ShouldBe(4);
        Change("train-0001-of-0003.shard", -1, 77);
        Should.Throw<DataException>(() => Source.Verify().Count()).Expected.ShouldStartWith("SHA-256");
        Source.LoadTraining(10, CPU).Dispose();
    }

    [Theory]
    [InlineData(0, "the letters TRKSHARD at its start", "others")]
    [InlineData(8, "1 as version", "7")]
    [InlineData(12, "4 as images", "7")]
    [InlineData(20, "8 as rows", "7")]
    [InlineData(28, "5 as classes", "7")]
    [InlineData(66, "labels from 0 to 4", "7 as label of image 1")]
    public void A_shard_of_another_make_is_refused(int place, string expected, string found)
    {
        Change("train-0000-of-0003.shard", place, 7);
        var failure = Should.Throw<DataException>(() => Source.LoadTraining(10, CPU));
        (failure.File, failure.Expected, failure.Found).ShouldBe((Path("train-0000-of-0003.shard"), expected, found));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public void A_shard_of_another_length_is_refused(int change)
    {
        var path = Path("val-0000-of-0001.shard");
        var bytes = File.ReadAllBytes(path);
        File.WriteAllBytes(path, change < 0 ? bytes[..^1] : [.. bytes, 0]);
        var failure = Should.Throw<DataException>(() => Source.LoadValidation(CPU));
        (failure.Expected, failure.Found).ShouldBe(($"{4096 + 3 * ImageLength} bytes", $"{4096 + 3 * ImageLength + change}"));
    }

    [Fact]
    public void A_batch_is_cropped_from_the_stored_images_and_evaluation_sees_their_middle()
    {
        using var scope = NewDisposeScope();
        using var data = new TrainingData(Source.LoadTraining(10, CPU), Source.LoadValidation(CPU), new([0.5], [0.5], Channels: 3, Flip: true, Crop: 6), 5);
        var batch = data.TrainingBatch(tensor(new long[] { 1, 5, 9 }), new BatchPosition(1, 2, BatchSlice.Whole(GhostLayout.For(3, 0))));
        batch.Input.shape.ShouldBe([3, 3, 6, 6]);
        batch.Labels.data<long>().ToArray().ShouldBe([1, 0, 4]);
        var again = data.TrainingBatch(tensor(new long[] { 1, 5, 9 }), new BatchPosition(1, 2, BatchSlice.Whole(GhostLayout.For(3, 0))));
        again.Input.Equals(batch.Input).ShouldBeTrue();
        var middle = data.EvaluationBatch(EvaluationSet.Test, 0, 1).Input[0, 0, 0, 0].ToSingle();
        middle.ShouldBe((Image(100)[1 * 8 + 1] / 255f - 0.5f) / 0.5f, 1e-5f);
    }

    [Fact]
    public void Training_from_shards_gives_the_same_bits_as_from_memory()
    {
        var layout = new ShardLayout(Training: 20, Validation: 5, Classes: 10, Size: 32, PerShard: 6);
        var pixels = Formula.Uniform(3, 25 * 3 * 32 * 32).Select(v => (byte)(128 + 127 * v)).ToArray();
        var labels = Enumerable.Range(0, 25).Select(i => (byte)(i * 7 % 10)).ToArray();
        foreach (var (shard, first) in layout.TrainingShards.Select(s => (s, s.Start)).Concat(layout.ValidationShards.Select(s => (s, 20 + s.Start))))
            ImageShard.Write(Path(shard.Name), shard, [.. labels[first..(first + shard.Count)].Select(l => (ushort)l)], pixels[(first * 3072)..((first + shard.Count) * 3072)]);
        var source = new ShardSource(new([_directory.Path], "make them"), layout);
        ImageSet InMemory(int first, int count) => new(pixels[(first * 3072)..((first + count) * 3072)], labels[first..(first + count)], (3, 32, 32), CPU);

        Train(() => (source.LoadTraining(20, CPU), source.LoadValidation(CPU))).ShouldBe(Train(() => (InMemory(0, 20), InMemory(20, 5))));
    }

    private (string Weights, double Accuracy) Train(Func<(IImages Training, IImages Test)> load)
    {
        var spec = SpecReader.ReadRun("""{ "network": "c1", "dataset": "cifar10", "method": "lb", "batch": 8, "epochs": 2, "trainExamples": 20 }""");
        var options = new TrainingOptions { CheckpointDirectory = _directory.Path, Threads = 1 };
        var result = Trainer.Run(spec, options, new RecordingSink(), _ =>
        {
            var (training, test) = load();
            return new(training, test, DatasetPreprocessing.Of("cifar10"), 10);
        }, CancellationToken.None).ShouldNotBeNull();
        return (result.WeightsSha256, result.FinalValidationAccuracy);
    }

    [Fact]
    public void Imagenet_is_divided_into_shards_that_hold_all_of_it()
    {
        var layout = ShardLayout.ImageNet;
        var dataset = Catalogue.GetDataset("imagenet");
        (layout.TrainingShards.Sum(s => s.Count), layout.ValidationShards.Sum(s => s.Count), layout.Classes)
            .ShouldBe((dataset.TrainExamples, dataset.ValidationExamples, dataset.Classes));
        (layout.TrainingShards[^1].Name, layout.TrainingShards[^1].Count).ShouldBe(("train-0512-of-0513.shard", 1167));
        ImageShard.Length(layout.TrainingShards[0]).ShouldBe(2 * 4096 + 2500L * 48 * 4096);
    }

    private ShardSource Source => new(new([_directory.Path], "make them"), s_layout);

    private string Path(string name) => _directory.File(name);

    private static byte[] Image(int index) => [.. Enumerable.Range(0, ImageLength).Select(p => (byte)(index * 17 + p))];

    private void Write(ShardPlan shard, int offset)
    {
        var images = Enumerable.Range(shard.Start + offset, shard.Count).ToList();
        ImageShard.Write(Path(shard.Name), shard, [.. images.Select(i => (ushort)(i % 5))], [.. images.SelectMany(Image)]);
    }

    private void Change(string name, int place, byte value)
    {
        var bytes = File.ReadAllBytes(Path(name));
        bytes[place < 0 ? bytes.Length + place : place] = value;
        File.WriteAllBytes(Path(name), bytes);
    }
}
