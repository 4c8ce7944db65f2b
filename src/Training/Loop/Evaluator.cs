using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using F = TorchSharp.torch.nn.functional;

namespace Tracker.Training;

/// <summary>What an evaluation found.</summary>
/// <param name="Loss">Mean cross-entropy, in nats.</param>
/// <param name="Accuracy">Share classified rightly, from 0 to 1.</param>
/// <param name="Top5">Share whose class is among the five likeliest, from 0 to 1.</param>
public sealed record Evaluation(double Loss, double Accuracy, double Top5);

/// <summary>Evaluates a network: running statistics, no dropout, no random draw.</summary>
/// <param name="network">The network.</param>
/// <param name="data">The data.</param>
public sealed class Evaluator(Module<Tensor, Tensor> network, TrainingData data)
{
    private const int Top = 5;

    /// <summary>Images at a time. On the CPU as few as keep C1's activations within what <see cref="HostMemory"/> recycles.</summary>
    private readonly int _batch = data.Device.type == DeviceType.CPU ? 125 : 1000;

    /// <summary>Runs through one of the sets.</summary>
    /// <param name="set">Which one.</param>
    /// <param name="stop">Abandons the evaluation.</param>
    /// <returns>What was found, or <see langword="null"/> when it was abandoned.</returns>
    public Evaluation? Evaluate(EvaluationSet set, CancellationToken stop)
    {
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        network.eval();
        var count = data.CountOf(set);
        var sums = zeros(3, dtype: ScalarType.Float64, device: data.Device);
        for (var start = 0; start < count; start += _batch)
        {
            if (stop.IsCancellationRequested) break;
            using var batch = NewDisposeScope();
            var (input, labels) = data.EvaluationBatch(set, start, Math.Min(_batch, count - start));
            sums.add_(Sums(input, labels));
        }
        network.train();
        if (stop.IsCancellationRequested) return null;
        // Host synchronization: the three sums are read.
        var found = sums.div(count).cpu().data<double>().ToArray();
        return new(found[0], found[1], found[2]);
    }

    /// <summary>Summed cross-entropy, right answers, and answers with the right class among the first five.</summary>
    private Tensor Sums(Tensor input, Tensor labels)
    {
        var logits = network.call(input);
        var loss = F.cross_entropy(logits, labels, reduction: Reduction.Sum);
        var ranked = logits.topk(Math.Min(Top, data.Classes), 1).indexes.eq(labels.unsqueeze(1)).to(ScalarType.Float64);
        return stack([loss.to(ScalarType.Float64), ranked.select(1, 0).sum(), ranked.sum()]);
    }
}
