using Tracker.Domain;
using TorchSharp;
using static TorchSharp.torch;

namespace Tracker.Training.Tests;

/// <summary>A batch that is processed in chunks gives the numbers of the whole batch, up to rounding.</summary>
public sealed class ChunkTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    public static TheoryData<string, int> Runs => new()
    {
        { "gbn", 64 }, { "gbn", 100 }, { "gbn-noise", 32 }, { "gbn-equal", 64 }, { "c1-gbn-noise", 16 }, { "c1-none", 7 }, { "f1-none-noise", 30 },
    };

    [Theory]
    [MemberData(nameof(Runs))]
    public void Gradient_and_running_statistics_do_not_depend_on_the_chunks(string which, int limit)
    {
        var spec = Spec(which);
        var tolerance = spec.Network == "f1" ? 1e-5 : 1e-4;
        using var scope = NewDisposeScope();
        set_num_threads(1);
        var (whole, chunked) = (Pass(spec, 0, out _), Pass(spec, limit, out var chunks));
        chunks.ShouldBeGreaterThan(1);
        foreach (var ((name, expected), (_, found)) in whole.Zip(chunked))
            ((found - expected).Norm() / (expected.Norm() + 1e-20)).ToDouble().ShouldBeLessThan(tolerance, name);
    }

    /// <summary>What two steps leave: a full batch and the last, partial one.</summary>
    private List<(string Name, Tensor Value)> Pass(RunSpec spec, int limit, out int chunks)
    {
        using var session = new TrainingSession(spec, new() { CheckpointDirectory = _directory.Path }, CPU, () => SomeImages.For(spec, CPU));
        session.State.ChunkLimit = limit;
        session.Network.train();
        var gradient = new BatchGradient(session, spec);
        chunks = session.Split.Chunks(spec.Batch, limit).Count;
        var found = new List<(string, Tensor)>();
        for (var step = 0; step < session.Plan.StepsPerEpoch; step++)
        {
            var pass = gradient.Of(session.Order.Indexes(0, step), step);
            found.Add(($"gradient of step {step}", pass.Gradient));
            found.Add(($"loss of step {step}", pass.CrossEntropy));
            found.Add(($"right answers of step {step}", pass.Logits.argmax(1).eq(pass.Labels).sum().to(ScalarType.Float32)));
        }
        found.AddRange(StateDictionary.Of(session.Network).Where(s => s.Value is not TorchSharp.Modules.Parameter).Select(s => (s.Name, s.Value.to(ScalarType.Float32).clone())));
        return found;
    }

    private static RunSpec Spec(string which) => which switch
    {
        "gbn" => Specs.Run("lb+gbn", batch: 200, examples: 330, smallBatch: 100),
        "gbn-noise" => Specs.Run("lb+gbn+noise", batch: 200, examples: 233, smallBatch: 100),
        "gbn-equal" => Specs.Run("lb+gbn", batch: 200, examples: 330, smallBatch: 100) with { Protocol = new() { GhostStatistics = GhostStatistics.Equal } },
        "c1-gbn-noise" => Specs.Run("lb+gbn+noise", batch: 48, examples: 70, network: "c1", ghost: 16, smallBatch: 16),
        "c1-none" => Specs.Run("lb", batch: 24, examples: 40, network: "c1", smallBatch: 16) with { Normalization = NormalizationKind.None },
        _ => Specs.Run("lb+noise", batch: 100, examples: 150, smallBatch: 50) with { Normalization = NormalizationKind.None },
    };
}
