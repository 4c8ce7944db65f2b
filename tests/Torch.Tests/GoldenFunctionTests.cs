using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using F = TorchSharp.torch.nn.functional;

namespace Tracker.Torch.Tests;

public sealed class GoldenFunctionTests
{
    private sealed record Inputs(Tensor X, Tensor Target, Tensor Image, Tensor Weights);

    private static readonly Dictionary<string, Func<Inputs, Tensor>> s_functions = new()
    {
        ["cross_entropy_none"] = i => F.cross_entropy(i.X, i.Target, reduction: Reduction.None),
        ["cross_entropy_sum_weighted"] = i => F.cross_entropy(i.X, i.Target, i.Weights, reduction: Reduction.Sum),
        ["cross_entropy_smooth"] = i => F.cross_entropy(i.X, i.Target, label_smoothing: 0.1),
        ["log_softmax"] = i => F.log_softmax(i.X, 1),
        ["softmax"] = i => F.softmax(i.X, 0),
        ["nll_loss"] = i => F.nll_loss(i.X.log_softmax(1), i.Target),
        ["mse_loss"] = i => F.mse_loss(i.X, i.X.flip(0)),
        ["avg_pool2d"] = i => F.avg_pool2d(i.Image, 3, 2, 1),
        ["adaptive_avg_pool2d"] = i => F.adaptive_avg_pool2d(i.Image, 2),
        ["max_pool2d"] = i => F.max_pool2d(i.Image, 3, 2),
        ["group_norm"] = i => F.group_norm(i.Image, 2),
        ["layer_norm"] = i => F.layer_norm(i.X, [5]),
        ["pad_reflect"] = i => F.pad(i.Image, (1, 2, 2, 0), PaddingModes.Reflect),
        ["pad_constant"] = i => F.pad(i.X, (1, 1), value: 0.5),
        ["var"] = i => i.X.var(0L),
        ["std"] = i => i.X.std(),
        ["norm"] = i => i.X.norm(),
        ["norm_rows"] = i => i.X.norm(1, p: 1f),
        ["vector_norm"] = i => linalg.vector_norm(i.Image, 3, [2, 3]),
        ["logsumexp"] = i => i.X.logsumexp(1),
        ["cumsum"] = i => i.X.cumsum(1),
        ["remainder"] = i => i.X % 0.3,
        ["clamp"] = i => i.X.clamp(-0.5, 0.25),
        ["pow"] = i => i.X.abs().pow(1.5),
        ["addcmul"] = i => i.X.addcmul(i.X, i.X, 0.5),
        ["matmul"] = i => i.X.matmul(i.X.t()),
    };

    public static TheoryData<string> Names => [.. Golden.Case("functions").GetProperty("results").EnumerateObject().Select(p => p.Name)];

    [Theory, MemberData(nameof(Names))]
    public void A_function_agrees_with_PyTorch(string name)
    {
        using DisposeScope scope = NewDisposeScope();
        JsonElement golden = Golden.Case("functions");
        var inputs = new Inputs(golden.Tensor("x"), golden.Tensor("target", int64), golden.Tensor("image"), golden.Tensor("weights"));
        s_functions[name](inputs).ShouldMatch(golden.GetProperty("results").GetProperty(name), name);
    }

    [Fact]
    public void A_seed_draws_the_numbers_that_it_draws_in_PyTorch()
    {
        using DisposeScope scope = NewDisposeScope();
        JsonElement golden = Golden.Case("random");
        manual_seed(42);
        randn(6).ShouldMatch(golden.GetProperty("randn"), "randn", 1e-7);
        rand(6).ShouldMatch(golden.GetProperty("rand"), "rand", 1e-7);
        randint(0, 100, 6).ShouldMatch(golden.GetProperty("randint"), "randint", 0);
        randperm(8).ShouldMatch(golden.GetProperty("randperm"), "randperm", 0);
        empty(8).bernoulli_(0.3).ShouldMatch(golden.GetProperty("bernoulli"), "bernoulli", 0);
    }
}
