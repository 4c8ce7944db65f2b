using TorchSharp;
using static TorchSharp.torch;

namespace Tracker.Torch.Tests;

public sealed class AutogradTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Backward_accumulates_into_the_leaves()
    {
        Tensor x = tensor(new[] { 1f, 2f }, requires_grad: true);
        x.grad.ShouldBeNull();
        x.square().sum().backward();
        (x * 3).sum().backward();
        x.grad!.data<float>().ToArray().ShouldBe([5f, 7f]);
        x.grad = null;
        x.grad.ShouldBeNull();
    }

    [Fact]
    public void A_retained_graph_can_be_differentiated_again()
    {
        Tensor x = tensor(3f, requires_grad: true);
        Tensor y = x.square();
        y.backward(retain_graph: true);
        y.backward();
        x.grad!.ToSingle().ShouldBe(12);
    }

    [Fact]
    public void Second_derivatives_come_from_a_created_graph()
    {
        Tensor x = tensor(2.0, requires_grad: true);
        Tensor slope = autograd.grad([x.pow(3)], [x], retain_graph: true, create_graph: true)[0];
        slope.ToDouble().ShouldBe(12);
        autograd.grad([slope], [x])[0].ToDouble().ShouldBe(12);
        (1 / x).backward();
        x.grad!.ToDouble().ShouldBe(-0.25);
    }

    [Fact]
    public void Unused_inputs_are_allowed_on_request()
    {
        Tensor x = ones(1, requires_grad: true), unused = ones(1, requires_grad: true);
        IList<Tensor> grads = autograd.grad([x.sum()], [x, unused], allow_unused: true);
        grads[0].ToSingle().ShouldBe(1);
        grads[1].IsInvalid.ShouldBeTrue();
    }

    [Fact]
    public void Grad_mode_is_restored_and_belongs_to_the_thread()
    {
        Tensor x = ones(1, requires_grad: true);
        using (no_grad())
        {
            is_grad_enabled().ShouldBeFalse();
            (x * 2).requires_grad.ShouldBeFalse();
            using (enable_grad())
                (x * 2).requires_grad.ShouldBeTrue();
            is_grad_enabled().ShouldBeFalse();
            bool elsewhere = false;
            var thread = new Thread(() => elsewhere = is_grad_enabled());
            thread.Start();
            thread.Join(TimeSpan.FromSeconds(30)).ShouldBeTrue();
            elsewhere.ShouldBeTrue();
        }
        is_grad_enabled().ShouldBeTrue();
        using (inference_mode())
            is_inference_mode_enabled().ShouldBeTrue();
        is_inference_mode_enabled().ShouldBeFalse();
    }

    [Fact]
    public void Detached_tensors_share_memory_without_a_graph()
    {
        Tensor x = ones(2, requires_grad: true);
        Tensor detached = x.detach();
        detached.requires_grad.ShouldBeFalse();
        detached.zero_();
        x.sum().ToSingle().ShouldBe(0);
        (x * 1).is_leaf.ShouldBeFalse();
    }
}
