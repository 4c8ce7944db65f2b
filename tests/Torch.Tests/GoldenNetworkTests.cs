using System.Text.Json;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using F = TorchSharp.torch.nn.functional;

namespace Tracker.Torch.Tests;

public sealed class GoldenNetworkTests
{
    private static Sequential LinearNet() => Sequential(Linear(6, 5), BatchNorm1d(5), ReLU(), Linear(5, 3));

    private static Sequential ConvNet() => Sequential(
        Conv2d(2, 4, 3, padding: 1, bias: false), MaxPool2d(3, 2), BatchNorm2d(4), ReLU(),
        Conv2d(4, 4, (3, 2), stride: (1, 2), padding: (0, 1)), ReLU(), Flatten(),
        Linear(24, 6, false), BatchNorm1d(6, momentum: 0.3, eps: 1e-3), Dropout(0.5), Linear(6, 3));

    public static TheoryData<string> Networks => ["linear", "conv"];

    private static Sequential Build(string name) => name == "linear" ? LinearNet() : ConvNet();

    [Theory, MemberData(nameof(Networks))]
    public void The_same_seed_initialises_a_network_as_PyTorch_does(string name)
    {
        using DisposeScope scope = NewDisposeScope();
        JsonElement golden = Golden.Case(name);
        manual_seed(golden.GetProperty("seed").GetInt64());
        using Sequential net = Build(name);
        JsonElement initial = golden.GetProperty("initial");
        Dictionary<string, Tensor> state = net.state_dict();
        state.Keys.ShouldBe(initial.EnumerateObject().Select(p => p.Name), ignoreOrder: true);
        foreach ((string key, Tensor value) in state)
            value.ShouldMatch(initial.GetProperty(key), key, relative: 1e-7);
        randn(golden.GetProperty("input").Tensor().shape).ShouldMatch(golden.GetProperty("input"), "input", relative: 1e-7);
    }

    [Theory, MemberData(nameof(Networks))]
    public void Loss_gradients_statistics_and_three_updates_agree_with_PyTorch(string name)
    {
        using DisposeScope scope = NewDisposeScope();
        JsonElement golden = Golden.Case(name);
        using Sequential net = Build(name);
        JsonElement initial = golden.GetProperty("initial");
        net.load_state_dict(initial.EnumerateObject().ToDictionary(p => p.Name, p => p.Value.Tensor()));
        Tensor inputs = golden.Tensor("input"), targets = golden.Tensor("target", int64);
        foreach (Dropout dropout in net.modules().OfType<Dropout>())
            dropout.eval();
        using SGD optimizer = torch.optim.SGD(net.parameters(), 0.1, momentum: 0.9, weight_decay: 0.01);
        int number = 0;
        foreach (JsonElement step in golden.GetProperty("steps").EnumerateArray())
        {
            optimizer.zero_grad();
            Tensor logits = net.call(inputs);
            Tensor loss = F.cross_entropy(logits, targets);
            loss.backward();
            logits.ShouldMatch(step.GetProperty("logits"), $"logits of step {number}");
            loss.ToDouble().ShouldBe(step.GetProperty("loss").GetDouble(), 1e-5);
            foreach ((string key, Parameter parameter) in net.named_parameters())
                parameter.grad!.ShouldMatch(step.GetProperty("gradients").GetProperty(key), $"gradient of {key} in step {number}");
            optimizer.step();
            foreach ((string key, Tensor value) in net.state_dict())
                value.ShouldMatch(step.GetProperty("state").GetProperty(key), $"{key} after step {number}");
            number++;
        }
        number.ShouldBe(3);
        net.eval();
        net.call(inputs).ShouldMatch(golden.GetProperty("evaluated"), "logits in evaluation mode");
    }
}
