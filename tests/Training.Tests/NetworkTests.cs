using TorchSharp;
using TorchSharp.Modules;
using Tracker.Domain;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Tracker.Training.Tests;

public sealed class NetworkTests
{
    public static TheoryData<string> All => [.. NetworkFactory.Names];

    public static TheoryData<string> ForSmallImages => [.. NetworkFactory.Names.Where(n => n != "alexnet")];

    [Fact]
    public void Every_network_of_the_catalogue_can_be_built() =>
        NetworkFactory.Names.ShouldBe(Catalogue.Networks.Select(n => n.Name), ignoreOrder: true);

    [Theory]
    [InlineData("f1", 10, 1_462_794)]
    [InlineData("c1", 10, 1_388_490)]
    [InlineData("resnet44", 10, 661_338)]
    [InlineData("vgg16", 10, 14_724_042)]
    [InlineData("c3", 100, 1_405_860)]
    [InlineData("wresnet16-4", 100, 2_800_804)]
    [InlineData("alexnet", 1000, 61_110_184)]
    public void Networks_have_the_published_number_of_parameters(string name, int classes, long parameters)
    {
        using var network = NetworkFactory.Create(name, classes, NormalizationOptions.Ghosts(128), seed: 0);
        Parameters(network).Sum(p => p.Value.numel()).ShouldBe(parameters);
        Catalogue.GetNetwork(name).Size.Parameters(classes).ShouldBe(parameters);
    }

    [Theory]
    [InlineData("f1", 10, 1.455)]
    [InlineData("c1", 10, 29.24)]
    [InlineData("resnet44", 10, 97.44)]
    [InlineData("vgg16", 10, 313.2)]
    [InlineData("c3", 100, 29.25)]
    [InlineData("wresnet16-4", 100, 421.2)]
    [InlineData("alexnet", 1000, 714.2)]
    public void The_catalogue_states_the_multiply_adds_that_an_image_takes(string name, int classes, double millions)
    {
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        var network = NetworkFactory.Create(name, classes, NormalizationOptions.Plain, seed: 0);
        var counted = 0L;
        // Each output of a layer is a sum over its inputs that one filter sees: the weights divided by the outputs or channels.
        void Count(Tensor weight, Tensor output) => counted += output.numel() * (weight.numel() / weight.shape[0]);
        foreach (var module in network.modules())
        {
            if (module is Conv2d convolution) convolution.register_forward_hook((_, _, output) => { Count(convolution.weight!, output); return output; });
            if (module is Linear linear) linear.register_forward_hook((_, _, output) => { Count(linear.weight!, output); return output; });
        }
        network.eval();
        network.call(Images.For(name, 1)).shape.ShouldBe([1, classes]);

        counted.ShouldBe(Catalogue.GetNetwork(name).Size.MultiplyAdds(classes));
        (counted / 1e6).ShouldBe(millions, 0.0006 * millions);
    }

    [Theory]
    [MemberData(nameof(ForSmallImages))]
    public void The_seed_alone_decides_the_initial_weights(string name)
    {
        using var first = NetworkFactory.Create(name, 10, NormalizationOptions.Plain, seed: 3);
        rand(100).Dispose();
        using var again = NetworkFactory.Create(name, 10, NormalizationOptions.Ghosts(128), seed: 3);
        using var other = NetworkFactory.Create(name, 10, NormalizationOptions.Plain, seed: 4);
        StateDictionary.Of(again).Select(s => s.Name).ShouldBe(StateDictionary.Of(first).Select(s => s.Name));
        StateDictionary.Sha256(again).ShouldBe(StateDictionary.Sha256(first));
        StateDictionary.Sha256(other).ShouldNotBe(StateDictionary.Sha256(first));
    }

    [Theory]
    [InlineData("f1")]
    [InlineData("c1")]
    [InlineData("alexnet")]
    public void Weights_are_drawn_uniformly_within_one_over_the_root_of_the_fan_in(string name)
    {
        using var scope = NewDisposeScope();
        var network = NetworkFactory.Create(name, 10, NormalizationOptions.Plain, seed: 1);
        foreach (var (of, value) in Parameters(network).Where(p => p.Value.dim() > 1))
        {
            var bound = 1 / Math.Sqrt((double)value.numel() / value.shape[0]);
            value.detach().abs().max().ToDouble().ShouldBeInRange(bound * 0.98, bound * 1.00001, of);
            value.detach().std().ToDouble().ShouldBe(bound / Math.Sqrt(3), bound * 0.05, of);
        }
    }

    [Theory]
    [InlineData("resnet44")]
    [InlineData("wresnet16-4")]
    [InlineData("vgg16")]
    public void Convolutions_of_deep_networks_are_drawn_with_a_variance_of_two_over_the_fan_out(string name)
    {
        using var scope = NewDisposeScope();
        var network = NetworkFactory.Create(name, 10, NormalizationOptions.Plain, seed: 1);
        foreach (var (of, value) in Parameters(network).Where(p => p.Value.dim() == 4))
        {
            var deviation = Math.Sqrt(2.0 / (value.shape[0] * value.shape[2] * value.shape[3]));
            var count = value.numel();
            // Five standard errors of a deviation and of a mean.
            value.detach().std().ToDouble().ShouldBe(deviation, deviation * 5 / Math.Sqrt(2.0 * count), of);
            value.detach().mean().ToDouble().ShouldBe(0, deviation * 5 / Math.Sqrt(count), of);
            value.detach().abs().max().ToDouble().ShouldBeGreaterThan(2 * deviation, of);
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Scales_of_batch_normalization_start_at_1_and_shifts_at_0(string name)
    {
        using var scope = NewDisposeScope();
        var network = NetworkFactory.Create(name, 10, NormalizationOptions.Ghosts(32), seed: 1);
        var layers = network.modules().OfType<GhostBatchNorm>().ToList();
        layers.ShouldNotBeEmpty();
        layers.ShouldAllBe(l => l.get_parameter("weight")!.eq(1).all().ToBoolean() && l.get_parameter("bias")!.eq(0).all().ToBoolean());
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Without_normalization_every_other_layer_keeps_its_name_and_has_a_bias(string name)
    {
        using var scope = NewDisposeScope();
        var normalized = NetworkFactory.Create(name, 10, NormalizationOptions.Plain, seed: 1);
        var bare = NetworkFactory.Create(name, 10, NormalizationOptions.None, seed: 1);
        var weights = Parameters(normalized).Where(p => p.Value.dim() > 1).Select(p => p.Name).ToList();
        var pairs = weights.SelectMany(w => new[] { w, w[..^"weight".Length] + "bias" });

        StateDictionary.Of(bare).Select(s => s.Name).ShouldBe(pairs);
        bare.modules().ShouldAllBe(m => m.GetType() != typeof(GhostBatchNorm));
    }

    [Fact]
    public void Names_are_those_of_the_authors_residual_network()
    {
        using var network = NetworkFactory.Create("resnet44", 10, NormalizationOptions.Plain, seed: 0);
        var names = StateDictionary.Of(network).Select(s => s.Name).ToList();
        names[..7].ShouldBe(["conv1.weight", "bn1.weight", "bn1.bias", "bn1.running_mean", "bn1.running_var", "bn1.num_batches_tracked", "layer1.0.conv1.weight"]);
        names.ShouldContain("layer2.0.downsample.0.weight");
        names.ShouldContain("layer3.0.downsample.1.running_var");
        names.ShouldNotContain("layer1.0.downsample.0.weight");
        names[^2..].ShouldBe(["fc.weight", "fc.bias"]);
        names.Count(n => n.EndsWith("conv2.weight", StringComparison.Ordinal)).ShouldBe(21);
    }

    private static IEnumerable<(string Name, Tensor Value)> Parameters(Module network) => StateDictionary.Of(network).Where(s => s.Value is Parameter);
}
