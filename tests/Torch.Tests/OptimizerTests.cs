using System.Text.Json;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tracker.Torch.Tests;

public sealed class OptimizerTests
{
    [Theory]
    [InlineData("plain", 0.0, 0.0, 0.0, false, false)]
    [InlineData("momentum", 0.9, 0.2, 0.1, false, false)]
    [InlineData("nesterov", 0.9, 0.0, 0.1, true, false)]
    [InlineData("maximize", 0.5, 0.0, 0.0, false, true)]
    public void Stochastic_gradient_descent_moves_as_in_PyTorch(string name, double momentum, double dampening, double decay, bool nesterov, bool maximize)
    {
        using DisposeScope scope = NewDisposeScope();
        JsonElement golden = Golden.Case("sgd").GetProperty(name);
        var parameter = new Parameter(golden.Tensor("start"));
        using SGD optimizer = torch.optim.SGD([parameter], 0.05, momentum, dampening, decay, nesterov, maximize);
        int i = 0;
        foreach (JsonElement expected in golden.GetProperty("values").EnumerateArray())
        {
            optimizer.zero_grad();
            // d sin(x) / dx = cos(x), written as a loss of which that is the gradient.
            Tensor cosine = tensor(parameter.data<float>().ToArray().Select(MathF.Cos).ToArray());
            (parameter * cosine * ++i).sum().backward();
            optimizer.step();
            parameter.ShouldMatch(expected, $"{name} after update {i}");
        }
        i.ShouldBe(4);
    }

    [Fact]
    public void Gradients_are_clipped_to_the_common_norm_as_in_PyTorch()
    {
        using DisposeScope scope = NewDisposeScope();
        JsonElement golden = Golden.Case("clip");
        Parameter[] parameters = [.. golden.GetProperty("gradients").EnumerateArray().Select(gradient =>
        {
            Tensor value = gradient.Tensor();
            return new Parameter(zeros_like(value)) { grad = value };
        })];
        nn.utils.clip_grad_norm_(parameters, 1.0).ShouldBe(golden.GetProperty("norm").GetDouble(), 1e-5);
        for (int i = 0; i < parameters.Length; i++)
            parameters[i].grad!.ShouldMatch(golden.GetProperty("clipped")[i], $"gradient {i}");
    }

    [Fact]
    public void A_resumed_optimizer_goes_on_bit_for_bit()
    {
        using DisposeScope scope = NewDisposeScope();
        manual_seed(4);
        Tensor start = randn(5);
        var unbroken = new Parameter(start.clone());
        using SGD first = torch.optim.SGD([unbroken], 0.1, momentum: 0.9, weight_decay: 0.01);
        Run(unbroken, first, 3);

        var resumed = new Parameter(unbroken.detach().clone());
        using SGD second = torch.optim.SGD([resumed], 0.3, momentum: 0.9);
        second.load_state_dict(first.state_dict());
        Run(unbroken, first, 3);
        Run(resumed, second, 3);

        resumed.Equals(unbroken).ShouldBeTrue();
        second.ParamGroups.Single().LearningRate.ShouldBe(0.1);
        ((SGD.State)second.state_dict().State[0]).momentum_buffer!.Equals(((SGD.State)first.state_dict().State[0]).momentum_buffer).ShouldBeTrue();
    }

    [Fact]
    public void The_learning_rate_of_a_group_takes_effect_at_the_next_update()
    {
        using DisposeScope scope = NewDisposeScope();
        var parameter = new Parameter(ones(1));
        using SGD optimizer = torch.optim.SGD([parameter], 1.0);
        foreach (torch.optim.ILearningRateController group in optimizer.ParamGroups)
            group.LearningRate = 0.25;
        parameter.sum().backward();
        optimizer.step();
        parameter.ToSingle().ShouldBe(0.75f);
    }

    [Fact]
    public void Parameters_without_a_gradient_stay_and_zeroed_gradients_stay_allocated()
    {
        using DisposeScope scope = NewDisposeScope();
        var used = new Parameter(ones(2));
        var unused = new Parameter(ones(2));
        using SGD optimizer = torch.optim.SGD([used, unused], 0.5, momentum: 0.9, weight_decay: 0.1);
        used.sum().backward();
        optimizer.step();
        unused.data<float>().ToArray().ShouldBe([1f, 1f]);
        ((SGD.State)optimizer.state_dict().State[1]).momentum_buffer.ShouldBeNull();
        optimizer.zero_grad();
        used.grad!.data<float>().ToArray().ShouldBe([0f, 0f]);
        unused.grad.ShouldBeNull();
    }

    [Fact]
    public void Options_out_of_range_and_repeated_parameters_are_refused()
    {
        using DisposeScope scope = NewDisposeScope();
        var parameter = new Parameter(ones(1));
        Should.Throw<ArgumentException>(() => torch.optim.SGD([parameter], -1)).Message.ShouldContain("-1");
        Should.Throw<ArgumentException>(() => torch.optim.SGD([parameter], 0.1, nesterov: true)).Message.ShouldContain("Nesterov");
        Should.Throw<ArgumentException>(() => torch.optim.SGD([parameter, parameter], 0.1)).Message.ShouldContain("twice");
    }

    private static void Run(Parameter parameter, SGD optimizer, int steps)
    {
        for (int i = 0; i < steps; i++)
        {
            optimizer.zero_grad();
            parameter.pow(3).sum().backward();
            optimizer.step();
        }
    }
}
