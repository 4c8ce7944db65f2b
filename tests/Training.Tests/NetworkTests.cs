using TorchSharp;
using Tracker.Domain;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Tracker.Training.Tests;

public sealed class NetworkTests
{
    [Fact]
    public void Every_network_of_the_catalogue_can_be_built() =>
        NetworkFactory.Names.ShouldBe(Catalogue.Networks.Select(n => n.Name), ignoreOrder: true);

    [Theory]
    [InlineData("f1", 1_462_794)]
    [InlineData("c1", 1_388_490)]
    public void Networks_have_the_published_number_of_parameters(string name, long parameters)
    {
        using var network = NetworkFactory.Create(name, 10, NormalizationOptions.Ghosts(128), seed: 0);
        Parameters(network).Sum(p => p.Value.numel()).ShouldBe(parameters);
        Catalogue.GetNetwork(name).Parameters.ShouldBe(parameters);
    }

    [Theory]
    [InlineData("f1")]
    [InlineData("c1")]
    public void The_seed_alone_decides_the_initial_weights(string name)
    {
        using var first = NetworkFactory.Create(name, 10, NormalizationOptions.Plain, seed: 3);
        rand(100).Dispose();
        using var again = NetworkFactory.Create(name, 10, NormalizationOptions.Ghosts(128), seed: 3);
        using var other = NetworkFactory.Create(name, 10, NormalizationOptions.Plain, seed: 4);
        StateDictionary.Sha256(again).ShouldBe(StateDictionary.Sha256(first));
        StateDictionary.Sha256(other).ShouldNotBe(StateDictionary.Sha256(first));
    }

    [Theory]
    [InlineData("f1")]
    [InlineData("c1")]
    public void Weights_are_drawn_uniformly_within_one_over_the_root_of_the_fan_in(string name)
    {
        using var scope = NewDisposeScope();
        using var network = NetworkFactory.Create(name, 10, NormalizationOptions.Plain, seed: 1);
        foreach (var (of, value) in Parameters(network).Where(p => p.Value.dim() > 1))
        {
            var bound = 1 / Math.Sqrt((double)value.numel() / value.shape[0]);
            value.detach().abs().max().ToDouble().ShouldBeInRange(bound * 0.98, bound * 1.00001, of);
            value.detach().std().ToDouble().ShouldBe(bound / Math.Sqrt(3), bound * 0.05, of);
        }
    }

    [Fact]
    public void Small_batch_and_large_batch_start_from_the_same_weights_whatever_the_ghosts()
    {
        using var plain = NetworkFactory.Create("f1", 10, NormalizationOptions.Plain, seed: 9);
        using var ghosts = NetworkFactory.Create("f1", 10, NormalizationOptions.Ghosts(64), seed: 9);
        StateDictionary.Of(ghosts).Select(s => s.Name).ShouldBe(StateDictionary.Of(plain).Select(s => s.Name));
    }

    private static IEnumerable<(string Name, Tensor Value)> Parameters(Module network) => StateDictionary.Of(network).Where(s => s.Value is Parameter);
}
