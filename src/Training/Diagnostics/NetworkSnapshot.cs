using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Tracker.Training;

/// <summary>
/// Lends a network to a measurement: when disposed, weights and buffers are what they were, bit for bit, and the network is in training
/// mode, where the training loop keeps it.
/// </summary>
internal sealed class NetworkSnapshot : IDisposable
{
    private readonly Module _network;
    private readonly List<(Tensor Live, Tensor Saved)> _saved = [];

    /// <summary>Remembers a network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="weights">Its parameters, or <see langword="null"/> when the measurement leaves them alone.</param>
    public NetworkSnapshot(Module network, ParameterVector? weights)
    {
        _network = network;
        if (weights is not null) Save(weights.Values);
        foreach (var (_, value) in StateDictionary.Of(network))
            if (value is not Parameter _) Save(value);
    }

    /// <summary>Switches off what draws random numbers, and leaves everything else in training mode: batches are normalized by themselves.</summary>
    public void TrainWithoutDropout()
    {
        _network.train();
        foreach (var module in _network.modules())
            if (module is BatchDropout) module.eval();
    }

    /// <summary>Lets the network stay as it is from now on.</summary>
    public void Forget()
    {
        foreach (var (_, saved) in _saved) saved.Dispose();
        _saved.Clear();
    }

    /// <summary>Puts everything back.</summary>
    public void Dispose()
    {
        using (no_grad())
            foreach (var (live, saved) in _saved) live.copy_(saved);
        Forget();
        _network.train();
    }

    private void Save(Tensor value)
    {
        using var ungraded = no_grad();
        _saved.Add((value, value.clone().DetachFromDisposeScope()));
    }
}
