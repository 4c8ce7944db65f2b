using Tracker.Domain;

namespace Tracker.Jobs.Submit;

/// <summary>A run as the REST interface tells of it; only what a terminal shows.</summary>
internal sealed record RunLine(long Id, string Title, RunState State, RunLine.Training? Progress, RunLine.Outcome? Result, RunLine.Fault? Failure, bool Reused)
{
    internal sealed record Training(double Fraction, double Epoch, double TotalEpochs, double? EtaSeconds, double? ValidationAccuracy);

    internal sealed record Outcome(double FinalValidationAccuracy, Choice? Selected = null);

    internal sealed record Choice(double Accuracy);

    internal sealed record Fault(string? Reason);

    public double Done => State == RunState.Succeeded ? 1 : Progress?.Fraction ?? 0;

    public string Name => $"#{Id} {Title}";

    /// <summary>What is worth knowing beside the bar.</summary>
    public string Detail => State switch
    {
        RunState.Succeeded => $"{Result?.Selected?.Accuracy ?? Result?.FinalValidationAccuracy:P2}{(Reused ? ", trained before" : "")}",
        RunState.Failed => $"failed: {Failure?.Reason}",
        RunState.Running when Progress is { } p => string.Join(", ", Facts(p)),
        _ => State.ToString().ToLowerInvariant(),
    };

    private static IEnumerable<string> Facts(Training p)
    {
        yield return $"epoch {p.Epoch:0.0} of {p.TotalEpochs:0}";
        if (p.ValidationAccuracy is { } accuracy) yield return $"{accuracy:P1}";
        if (p.EtaSeconds is { } eta) yield return $"{eta:0} s left";
    }
}
