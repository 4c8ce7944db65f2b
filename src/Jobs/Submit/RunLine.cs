using Tracker.Domain;

namespace Tracker.Jobs.Submit;

/// <summary>A run of a submitted sweep, as far as a terminal shows it.</summary>
internal sealed record RunLine(long Id, string Title, int Seed, RunState State, RunProgress? Progress, double? FinalAccuracy, string? FailureReason, bool Reused)
{
    public double Done => State == RunState.Succeeded ? 1 : Progress is { TotalSteps: > 0 } p ? Math.Min(1, (double)p.Step / p.TotalSteps) : 0;

    public string Name => $"#{Id} {Title} seed {Seed}";

    /// <summary>What is worth knowing beside the bar.</summary>
    public string Detail => State switch
    {
        RunState.Succeeded => $"{FinalAccuracy:P2}{(Reused ? ", trained before" : "")}",
        RunState.Failed => FailureReason ?? "failed",
        RunState.Starting => "starting",
        RunState.Running => Training(),
        _ => State.ToString().ToLowerInvariant(),
    };

    private string Training()
    {
        if (Progress is not { } p) return "running";
        var parts = new List<string> { $"epoch {p.Epoch:0.0} of {p.TotalEpochs:0}" };
        if (p.ValidationAccuracy is { } accuracy) parts.Add($"{accuracy:P1}");
        if (p.EtaSeconds is { } eta) parts.Add($"{eta:0} s left");
        return string.Join(", ", parts);
    }
}
