using TorchSharp;
using Tracker.Domain;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Tracker.Training;

/// <summary>Everything a training works on: data, network, optimizer, and the state that a checkpoint may have restored.</summary>
internal sealed class TrainingSession : IDisposable
{
    /// <summary>Loads the data, builds the network, and restores a checkpoint if there is one to go on from.</summary>
    public TrainingSession(RunSpec spec, TrainingOptions options, Device device, Func<TrainingData> load)
    {
        Plan = RunPlan.For(spec);
        Arithmetic = Arithmetic.For(spec.Precision, device);
        Data = load();
        var normalization = NormalizationOptions.Of(spec);
        Network = NetworkFactory.Create(spec.Network, Data.Classes, normalization, spec.Seed).to(device);
        Weights = new(Network);
        if (spec.InitialScale != 1) Weights.Values.mul_(spec.InitialScale);
        // w_0 follows from the seed, so checkpoints need not hold it.
        InitialWeights = Weights.Values.clone().DetachFromDisposeScope();
        Optimizer = Optimizers.Create(Weights, spec.Parameters, spec.Protocol.Decay);
        Objective = new(Plan.NoiseVariance, spec.Seed);
        Split = new(spec.Normalization == NormalizationKind.Batch, normalization.GhostSize);
        Order = new(Data.TrainingCount, spec.Batch, normalization.GhostSize, spec.Seed, device);
        Checkpoints = new(Network, Weights, Optimizer, spec.Fingerprint());
        State = options.Resume is { } point ? Checkpoints.Load(point.Path, point.Sha256) : new();
    }

    public RunPlan Plan { get; }

    public Arithmetic Arithmetic { get; }

    public TrainingData Data { get; }

    public Module<Tensor, Tensor> Network { get; }

    public ParameterVector Weights { get; }

    public Tensor InitialWeights { get; }

    public IOptimizer Optimizer { get; }

    public Objective Objective { get; }

    public BatchSplit Split { get; }

    public BatchOrder Order { get; }

    public CheckpointStore Checkpoints { get; }

    public TrainingState State { get; }

    public void Dispose()
    {
        Order.Dispose();
        Optimizer.Dispose();
        InitialWeights.Dispose();
        Weights.Dispose();
        Network.Dispose();
        Data.Dispose();
    }
}
