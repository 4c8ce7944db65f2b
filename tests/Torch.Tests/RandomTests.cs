using TorchSharp;
using static TorchSharp.torch;

namespace Tracker.Torch.Tests;

public sealed class RandomTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void The_same_seed_draws_the_same_numbers()
    {
        manual_seed(7);
        Tensor first = randn(100);
        manual_seed(7);
        randn(100).Equals(first).ShouldBeTrue();
        randn(100).Equals(first).ShouldBeFalse();
        initial_seed().ShouldBe(7);
    }

    [Fact]
    public void A_generator_of_its_own_leaves_the_default_one_alone()
    {
        manual_seed(1);
        Tensor expected = rand(5);
        manual_seed(1);
        using var own = new Generator(99);
        Tensor drawn = rand(5, generator: own);
        rand(5).Equals(expected).ShouldBeTrue();
        own.manual_seed(99);
        rand(5, generator: own).Equals(drawn).ShouldBeTrue();
        own.initial_seed().ShouldBe(99);
        manual_seed(99);
        rand(5).Equals(drawn).ShouldBeTrue();
    }

    [Fact]
    public void A_saved_state_continues_the_sequence()
    {
        manual_seed(3);
        rand(10);
        Tensor state = get_rng_state();
        Tensor expected = randperm(20);
        rand(3);
        set_rng_state(state);
        randperm(20).Equals(expected).ShouldBeTrue();
    }

    [Fact]
    public void Dropout_keeps_the_expected_value_and_does_nothing_in_evaluation()
    {
        manual_seed(5);
        Tensor x = ones(100_000);
        Tensor dropped = nn.functional.dropout(x, 0.25);
        dropped.mean().ToDouble().ShouldBe(1, 0.02);
        (dropped == 0).@float().mean().ToDouble().ShouldBe(0.25, 0.01);
        nn.functional.dropout(x, 0.25, training: false).Equals(x).ShouldBeTrue();
    }

    [Fact]
    public void Thread_counts_can_be_set()
    {
        int before = get_num_threads();
        set_num_threads(2);
        get_num_threads().ShouldBe(2);
        set_num_threads(before);
        get_num_interop_threads().ShouldBeGreaterThan(0);
    }

    [Fact]
    public void Cuda_answers_without_a_device()
    {
        cuda.is_available().ShouldBe(cuda.device_count() > 0);
        cuda.manual_seed_all(1);
        cuda.synchronize();
        __version__.ShouldNotBeEmpty();
    }
}
