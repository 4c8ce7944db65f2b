using Tracker.Domain;
using static TorchSharp.torch;

namespace Tracker.Training;

/// <summary>The rule of the weight update. Nothing here waits for the device.</summary>
public interface IOptimizer : IDisposable
{
    /// <summary>How many gradients of the same batch make one step, each handed to <see cref="Update"/>.</summary>
    int GradientsPerStep { get; }

    /// <summary>What a checkpoint must hold of the optimizer between two steps: names, and vectors (P) in the order of the weights.</summary>
    IReadOnlyList<(string Name, Tensor Vector)> State { get; }

    /// <summary>Clips the gradient and changes the weights.</summary>
    /// <param name="gradient">(P), of the batch's mean loss at the present weights; changed in place.</param>
    /// <param name="rate">The learning rate η.</param>
    /// <returns>The gradient's norm before clipping, a scalar on the device.</returns>
    Tensor Update(Tensor gradient, double rate);

    /// <summary>Forgets earlier gradients, as a newly built optimizer.</summary>
    void Reset();
}

/// <summary>Builds the optimizer that a run asks for.</summary>
public static class Optimizers
{
    /// <summary>Builds an optimizer at rest.</summary>
    /// <param name="weights">What is optimized.</param>
    /// <param name="settings">The rule and its numbers.</param>
    /// <param name="decay">Which parameters weight decay acts on.</param>
    public static IOptimizer Create(ParameterVector weights, HyperParameters settings, DecayScope decay)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return settings.Optimizer switch
        {
            OptimizerKind.Sgd => new Sgd(weights, settings, decay),
            OptimizerKind.Lars => new Lars(weights, settings, decay),
            OptimizerKind.Emso => new Emso(weights, settings, decay),
            _ => throw new ArgumentOutOfRangeException(nameof(settings), settings.Optimizer, "Expected SGD, LARS or EMSO."),
        };
    }
}
