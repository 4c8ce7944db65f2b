using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tracker.Torch.Tests;

public sealed class DisposeScopeTests
{
    [Fact]
    public void A_scope_disposes_what_was_made_in_it_and_nothing_else()
    {
        using Tensor before = zeros(1);
        Tensor inside;
        using (DisposeScope scope = NewDisposeScope())
        {
            inside = before + 1;
            scope.DisposablesCount.ShouldBe(1);
            scope.Contains(inside).ShouldBeTrue();
            scope.Contains(before).ShouldBeFalse();
        }
        inside.IsInvalid.ShouldBeTrue();
        before.IsInvalid.ShouldBeFalse();
    }

    [Fact]
    public void A_tensor_moved_out_dies_with_the_outer_scope()
    {
        Tensor moved, kept;
        using (DisposeScope outer = NewDisposeScope())
        {
            using (DisposeScope inner = NewDisposeScope())
            {
                moved = zeros(1).MoveToOuterDisposeScope();
                kept = inner.Detach(zeros(1));
                (Tensor a, Tensor b) = inner.MoveToOuter(zeros(1), zeros(1));
                outer.Contains(a).ShouldBeTrue();
                outer.Contains(b).ShouldBeTrue();
            }
            moved.IsInvalid.ShouldBeFalse();
            outer.DisposablesCount.ShouldBe(3);
        }
        moved.IsInvalid.ShouldBeTrue();
        kept.IsInvalid.ShouldBeFalse();
        kept.Dispose();
    }

    [Fact]
    public void A_tensor_moved_out_of_the_outermost_scope_belongs_to_nobody()
    {
        Tensor x;
        using (NewDisposeScope())
            x = zeros(1).MoveToOuterDisposeScope();
        x.IsInvalid.ShouldBeFalse();
        x.Dispose();
    }

    [Fact]
    public void Everything_but_some_can_be_disposed_early()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor keep = zeros(1), other = zeros(1);
        scope.DisposeEverythingBut(keep).ShouldBeSameAs(keep);
        other.IsInvalid.ShouldBeTrue();
        keep.IsInvalid.ShouldBeFalse();
        scope.DisposablesView.ShouldBe([keep]);
    }

    [Fact]
    public void A_tensor_disposed_by_hand_leaves_its_scope()
    {
        using DisposeScope scope = NewDisposeScope();
        for (int i = 0; i < 1000; i++)
        {
            Tensor a = zeros(1), b = zeros(1);
            a.Dispose();
            b.Dispose();
        }
        scope.DisposablesCount.ShouldBe(0);
        Tensor[] many = [.. Enumerable.Range(0, 200).Select(_ => zeros(1))];
        foreach (Tensor x in many.Take(150))
            x.Dispose();
        scope.DisposablesCount.ShouldBe(50);
        scope.DisposablesView.ShouldBe(many.Skip(150));
        scope.Detach(many[170]);
        scope.DisposablesCount.ShouldBe(49);
        many[170].Dispose();
    }

    [Fact]
    public void Other_disposables_can_be_attached_and_are_disposed_once()
    {
        var counter = new Counter();
        using (DisposeScope scope = NewDisposeScope())
        {
            scope.Attach(counter);
            scope.Attach(counter);
            scope.DisposablesCount.ShouldBe(1);
        }
        counter.Disposals.ShouldBe(1);
    }

    [Fact]
    public void A_scope_disposed_out_of_order_does_not_take_the_inner_one_along()
    {
        DisposeScope outer = NewDisposeScope();
        DisposeScope inner = NewDisposeScope();
        outer.Dispose();
        Tensor x = zeros(1);
        inner.Contains(x).ShouldBeTrue();
        inner.Dispose();
        x.IsInvalid.ShouldBeTrue();
        using Tensor y = zeros(1);
        y.MoveToOuterDisposeScope().ShouldBeSameAs(y);
        y.IsInvalid.ShouldBeFalse();
    }

    [Fact]
    public void A_scope_belongs_to_its_thread()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor elsewhere = zeros(1).DetachFromDisposeScope();
        elsewhere.Dispose();
        var thread = new Thread(() => elsewhere = zeros(1));
        thread.Start();
        thread.Join(TimeSpan.FromSeconds(30)).ShouldBeTrue();
        scope.Contains(elsewhere).ShouldBeFalse();
        elsewhere.Dispose();
    }

    [Fact]
    public void Library_modules_outlive_the_scope_they_were_made_in_but_a_plain_parameter_does_not()
    {
        Linear layer;
        BatchNorm1d norm;
        Parameter plain;
        using (NewDisposeScope())
        {
            layer = nn.Linear(2, 2);
            norm = nn.BatchNorm1d(2);
            plain = new Parameter(zeros(1));
        }
        plain.IsInvalid.ShouldBeTrue();
        layer.weight.IsInvalid.ShouldBeFalse();
        norm.running_mean!.IsInvalid.ShouldBeFalse();
        layer.Dispose();
        norm.Dispose();
        layer.weight.IsInvalid.ShouldBeTrue();
    }

    [Fact]
    public void A_parameter_takes_the_memory_of_the_tensor_it_is_made_from()
    {
        using Tensor data = ones(3);
        using var parameter = new Parameter(data);
        data.IsInvalid.ShouldBeTrue();
        parameter.requires_grad.ShouldBeTrue();
        parameter.is_leaf.ShouldBeTrue();
    }

    [Fact]
    public void An_expression_in_a_wrapped_scope_leaves_only_its_result()
    {
        long before = Tensor.TotalCount;
        using Tensor result = WrappedTensorDisposeScope(() => zeros(2) + ones(2) * 3);
        Tensor.TotalCount.ShouldBe(before + 1);
        result.data<float>().ToArray().ShouldBe([3f, 3f]);
    }

    private sealed class Counter : IDisposable
    {
        public int Disposals { get; private set; }

        public void Dispose() => Disposals++;
    }
}
