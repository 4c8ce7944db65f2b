using Tracker.Domain;
using static TorchSharp.torch;

namespace Tracker.Training.Tests;

public sealed class ArithmeticTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Tf32_is_refused_on_a_processor()
    {
        var failure = Should.Throw<SpecificationException>(() => Train(Precision.Tf32));
        failure.Errors.ShouldHaveSingleItem().ToString().ShouldBe("precision: tf32 is a mode of NVIDIA GPUs; on 'cpu' use float32.");
    }

    [Fact]
    public void A_result_tells_its_arithmetic() => Train(Precision.Float32).Provenance.Arithmetic.ShouldBe("float32");

    [Fact]
    public void Bf16_trains_where_the_library_can_cast_and_is_refused_where_it_cannot()
    {
        if (!Autocast.IsAvailable)
        {
            Should.Throw<SpecificationException>(() => Train(Precision.Bf16)).Message.ShouldContain("automatic casts");
            return;
        }
        var result = Train(Precision.Bf16);
        result.Provenance.Arithmetic.ShouldBe("bf16");
        result.WeightsSha256.ShouldNotBe(Train(Precision.Float32).WeightsSha256);
        result.WeightsSha256.ShouldBe(Train(Precision.Bf16).WeightsSha256);
        result.FinalTrainLoss.ShouldBe(Train(Precision.Float32).FinalTrainLoss, 0.05);
    }

    [Theory]
    [InlineData("f1", 0)]
    [InlineData("f1", 16)]
    [InlineData("c1", 16)]
    public void Casts_round_activations_to_8_bits_and_leave_weights_and_gradients_in_32(string name, int ghostSize)
    {
        Assert.SkipUnless(Autocast.IsAvailable, "The TorchSharp package has no automatic casts.");
        using var scope = NewDisposeScope();
        using var network = NetworkFactory.Create(name, 10, NormalizationOptions.Ghosts(ghostSize), seed: 0);
        using var weights = new ParameterVector(network);
        Formula.WithoutDropout(network);
        var input = name == "f1" ? Formula.UniformTensor(1, 32, 1, 28, 28) : Formula.UniformTensor(1, 32, 3, 32, 32);
        var exact = Arithmetic.For(Precision.Float32, CPU).Forward(network, input);
        var rounded = Arithmetic.For(Precision.Bf16, CPU).Forward(network, input);

        rounded.dtype.ShouldBe(ScalarType.Float32);
        double difference = (rounded - exact).abs().max().item<float>() / exact.abs().max().item<float>();
        difference.ShouldBeInRange(1e-4, 0.1);
        weights.Values.dtype.ShouldBe(ScalarType.Float32);
        weights.Gradient(rounded.sum()).dtype.ShouldBe(ScalarType.Float32);
        foreach (var (key, value) in StateDictionary.Of(network)) value.dtype.ShouldNotBe(ScalarType.BFloat16, key);
    }

    [Fact]
    public void Regions_of_casts_end_and_do_not_nest()
    {
        Assert.SkipUnless(Autocast.IsAvailable, "The TorchSharp package has no automatic casts.");
        using var scope = NewDisposeScope();
        Autocast.IsOn.ShouldBeFalse();
        using (Autocast.Enter(CPU))
        {
            Autocast.IsOn.ShouldBeTrue();
            ones(2, 2).matmul(ones(2, 2)).dtype.ShouldBe(ScalarType.BFloat16);
            Should.Throw<InvalidOperationException>(() => Autocast.Enter(CPU));
        }
        Autocast.IsOn.ShouldBeFalse();
        ones(2, 2).matmul(ones(2, 2)).dtype.ShouldBe(ScalarType.Float32);
    }

    [Fact]
    public void Determinism_can_be_asked_for_and_taken_back()
    {
        Assert.SkipUnless(Determinism.IsAvailable, "The TorchSharp package cannot be told to be deterministic.");
        Determinism.IsOn.ShouldBeFalse();
        Determinism.IsOn = true;
        Determinism.IsOn.ShouldBeTrue();
        Determinism.IsOn = false;
        Determinism.IsOn.ShouldBeFalse();
    }

    private RunResult Train(Precision precision) => Trainer.Run(
        Specs.Run("sb", batch: 100, examples: 300, epochs: 2, rate: 0.02) with { Precision = precision },
        new TrainingOptions { CheckpointDirectory = _directory.Path, Threads = 1 }, new RecordingSink(),
        device => SomeImages.For(Specs.Run("sb", batch: 100, examples: 300), device), default).ShouldNotBeNull();
}
