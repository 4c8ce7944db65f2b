using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Tracker.Torch.Tests;

public sealed class ModuleTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Fields_are_registered_in_order_under_their_names()
    {
        using var net = new Net();
        net.named_parameters().Select(p => p.name).ShouldBe(["scale", "body.0.weight", "body.0.bias", "body.norm.weight", "body.norm.bias", "list.0.weight", "list.0.bias"]);
        net.named_buffers().Select(b => b.name).ShouldBe(["offset", "body.norm.running_mean", "body.norm.running_var", "body.norm.num_batches_tracked"]);
        net.state_dict().Keys.ShouldBe([.. net.named_parameters().Select(p => p.name), .. net.named_buffers().Select(b => b.name)]);
        net.named_modules().Select(m => m.name).ShouldBe(["body", "list", "body.0", "body.norm", "list.0"]);
        net.has_parameter("body.0.weight").ShouldBeTrue();
        net.has_buffer("body.0.weight").ShouldBeFalse();
    }

    [Fact]
    public void Training_mode_reaches_every_module()
    {
        using var net = new Net();
        net.training.ShouldBeTrue();
        net.eval();
        net.modules().ShouldAllBe(module => !module.training);
        net.train();
        net.modules().ShouldAllBe(module => module.training);
    }

    [Fact]
    public void State_is_copied_and_a_misfit_names_the_keys()
    {
        using var a = new Net();
        using var b = new Net();
        b.load_state_dict(a.state_dict());
        b.state_dict().ShouldAllBe(pair => pair.Value.Equals(a.state_dict()[pair.Key]));
        b.state_dict()["scale"].ShouldNotBeSameAs(a.state_dict()["scale"]);

        Dictionary<string, Tensor> broken = a.state_dict();
        broken.Remove("scale");
        broken["extra"] = zeros(1);
        string message = Should.Throw<InvalidOperationException>(() => b.load_state_dict(broken)).Message;
        message.ShouldContain("Missing: scale");
        message.ShouldContain("Unexpected: extra");
        b.load_state_dict(broken, strict: false).missing_keys.ShouldBe(["scale"]);
        b.load_state_dict(broken, skip: ["scale", "extra"]).unexpected_keyes.ShouldBeEmpty();
    }

    [Fact]
    public void Conversion_changes_floating_point_only_and_keeps_the_objects()
    {
        using var net = new Net();
        Parameter weight = net.get_parameter("body.0.weight")!;
        net.call(ones(4, 3)).sum().backward();
        net.to(float64).ShouldBeSameAs(net);
        net.get_parameter("body.0.weight").ShouldBeSameAs(weight);
        weight.dtype.ShouldBe(ScalarType.Float64);
        weight.grad!.dtype.ShouldBe(ScalarType.Float64);
        weight.requires_grad.ShouldBeTrue();
        weight.is_leaf.ShouldBeTrue();
        net.get_buffer("body.norm.num_batches_tracked")!.dtype.ShouldBe(ScalarType.Int64);
        net.call(ones([4, 3], float64)).dtype.ShouldBe(ScalarType.Float64);
    }

    [Fact]
    public void Gradients_are_dropped_or_zeroed()
    {
        using var net = new Net();
        net.call(ones(4, 3)).sum().backward();
        net.zero_grad(set_to_none: false);
        net.parameters().ShouldAllBe(p => p.grad!.count_nonzero().ToInt64() == 0);
        net.zero_grad();
        net.parameters().Count(p => p.grad is not null).ShouldBe(0);
    }

    [Fact]
    public void Names_that_are_taken_or_contain_dots_are_refused()
    {
        using var net = new Net();
        Should.Throw<ArgumentException>(() => net.register_buffer("scale", zeros(1))).Message.ShouldContain("'scale'");
        Should.Throw<ArgumentException>(() => net.register_buffer("a.b", zeros(1))).Message.ShouldContain("'a.b'");
        net.register_buffer("temporary", zeros(1), persistent: false);
        net.state_dict().ShouldNotContainKey("temporary");
        net.has_buffer("temporary").ShouldBeTrue();
    }

    [Fact]
    public void A_sequence_disposes_what_lies_between_its_modules()
    {
        using Sequential net = Sequential(Linear(3, 3), ReLU(), Identity(), Dropout(0.5), Linear(3, 2));
        net.eval();
        Tensor x = ones(1, 3);
        using IDisposable quiet = no_grad();
        long before = Tensor.TotalCount;
        Tensor y = net.call(x);
        Tensor.TotalCount.ShouldBe(before + 1);
        x.IsInvalid.ShouldBeFalse();
        y.shape.ShouldBe([1, 2]);
        net[1..3].Count.ShouldBe(2);
        using Sequential empty = Sequential();
        empty.call(x).ShouldNotBeSameAs(x);
    }

    [Fact]
    public void Hooks_see_inputs_and_results_of_calls()
    {
        using Linear layer = Linear(2, 1);
        int calls = 0;
        var before = layer.register_forward_pre_hook((_, input) => input * 0);
        var after = layer.register_forward_hook((_, _, result) => { calls++; return result + 1; });
        layer.call(ones(1, 2)).ToSingle().ShouldBe(layer.bias!.ToSingle() + 1, 1e-6);
        before.remove();
        after.remove();
        layer.call(ones(1, 2));
        calls.ShouldBe(1);
    }

    [Fact]
    public void Batch_norm_refuses_inputs_of_the_wrong_number_of_dimensions()
    {
        using BatchNorm2d norm = BatchNorm2d(3);
        Should.Throw<ArgumentException>(() => norm.call(zeros(2, 3))).Message.ShouldContain("4 dimensions");
        using BatchNorm1d vectors = BatchNorm1d(3, affine: false, track_running_stats: false);
        vectors.state_dict().ShouldBeEmpty();
        vectors.call(randn(8, 3)).mean().ToDouble().ShouldBe(0, 1e-5);
    }

    [Fact]
    public void Convolution_pads_in_every_mode()
    {
        Tensor image = randn(1, 2, 5, 5);
        using Conv2d zeros = Conv2d(2, 3, 3, padding: 1), same = Conv2d(2, 3, 3, Padding.Same), circular = Conv2d(2, 3, 3, padding: 1, padding_mode: PaddingModes.Circular);
        foreach (Conv2d conv in new[] { zeros, same, circular })
            conv.call(image).shape.ShouldBe([1, 3, 5, 5]);
        same.load_state_dict(zeros.state_dict());
        same.call(image).allclose(zeros.call(image)).ShouldBeTrue();
        circular.load_state_dict(zeros.state_dict());
        Tensor inner = TensorInner(circular.call(image));
        inner.allclose(TensorInner(zeros.call(image)), atol: 1e-6).ShouldBeTrue();
        circular.call(image.roll(1, 2)).allclose(circular.call(image).roll(1, 2), atol: 1e-5).ShouldBeTrue();
    }

    private static Tensor TensorInner(Tensor x) => x[TensorIndex.Ellipsis, 1..4, 1..4];

    private sealed class Net : Module<Tensor, Tensor>
    {
        [ComponentName(Name = "scale")]
        private readonly Parameter _scale = new(torch.ones(1));
        private readonly Tensor offset = torch.zeros(1);
        private readonly Sequential body = nn.Sequential(("0", nn.Linear(3, 2)), ("norm", nn.BatchNorm1d(2)));
        private readonly ModuleList<Linear> list = nn.ModuleList(nn.Linear(2, 2));

        public Net() : base(nameof(Net)) => RegisterComponents();

        public override Tensor forward(Tensor input) => list[0].call(body.call(input)) * _scale + offset;
    }
}
