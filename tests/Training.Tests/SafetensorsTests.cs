using System.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace Tracker.Training.Tests;

public sealed class SafetensorsTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void What_is_written_is_read_back()
    {
        using var scope = NewDisposeScope();
        var weights = Formula.UniformTensor(1, 3, 5);
        var reader = new SafetensorsReader(Write(weights));
        reader.Names.ShouldBe(["a.weight", "a.count"]);
        reader.Text("step").ShouldBe("17");
        var (read, count) = (zeros(3, 5), zeros([], dtype: ScalarType.Int64));
        reader.CopyTo("a.weight", read);
        reader.CopyTo("a.count", count);
        read.Equals(weights).ShouldBeTrue();
        count.ToInt64().ShouldBe(42);
    }

    [Fact]
    public void The_layout_is_that_of_the_published_format()
    {
        using var scope = NewDisposeScope();
        var bytes = File.ReadAllBytes(Write(ones(2, 2)));
        var length = (int)BitConverter.ToInt64(bytes);
        (length % 8).ShouldBe(0);
        var header = Encoding.UTF8.GetString(bytes, 8, length);
        header.ShouldStartWith("""{"__metadata__":{"step":"17","tracker.sha256":""");
        header.ShouldContain("""
            "a.weight":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]},"a.count":{"dtype":"I64","shape":[],"data_offsets":[16,24]}}
            """.Trim());
        bytes.Length.ShouldBe(8 + length + 24);
        BitConverter.ToSingle(bytes, 8 + length).ShouldBe(1f);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(100)]
    [InlineData(-1)]
    [InlineData(-30)]
    public void A_truncated_file_is_refused(int length)
    {
        var path = Write();
        var bytes = File.ReadAllBytes(path);
        File.WriteAllBytes(path, length >= 0 ? bytes[..length] : bytes[..^-length]);
        Should.Throw<CheckpointException>(() => new SafetensorsReader(path)).Message.ShouldStartWith(path);
    }

    [Fact]
    public void A_flipped_bit_anywhere_in_the_tensors_is_noticed()
    {
        var path = Write();
        var intact = File.ReadAllBytes(path);
        var start = 8 + (int)BitConverter.ToInt64(intact);
        for (var i = start; i < intact.Length; i++)
        {
            var damaged = intact.ToArray();
            damaged[i] ^= 4;
            File.WriteAllBytes(path, damaged);
            Should.Throw<CheckpointException>(() => new SafetensorsReader(path)).Message.ShouldContain("SHA-256");
        }
    }

    [Fact]
    public void Another_file_than_the_recorded_one_is_refused()
    {
        var path = Write();
        var failure = Should.Throw<CheckpointException>(() => new SafetensorsReader(path, new string('0', 64)));
        failure.Message.ShouldContain($"expected SHA-256 {new string('0', 64)}, found ");
    }

    [Fact]
    public void Another_shape_or_name_is_told()
    {
        using var scope = NewDisposeScope();
        var reader = new SafetensorsReader(Write());
        Should.Throw<CheckpointException>(() => reader.CopyTo("a.weight", zeros(9))).Message.ShouldContain("expected 'a.weight' as F32 [9], found F32 [2, 3]");
        Should.Throw<CheckpointException>(() => reader.CopyTo("b.weight", zeros(9))).Message.ShouldContain("expected the tensor 'b.weight'");
        Should.Throw<CheckpointException>(() => reader.Text("epoch")).Message.ShouldContain("expected 'epoch' in the header");
    }

    [Fact]
    public void A_missing_file_is_told() =>
        Should.Throw<CheckpointException>(() => new SafetensorsReader(_directory.File("none"))).Message.ShouldContain("expected a readable file, found none");

    private string Write(Tensor? weight = null)
    {
        using var scope = NewDisposeScope();
        var path = _directory.File("file.safetensors");
        DurableFile.Write(path, file => SafetensorsWriter.Write(
            file, [("a.weight", weight ?? ones(2, 3)), ("a.count", tensor(42L))], new Dictionary<string, string> { ["step"] = "17" }));
        return path;
    }
}
