using Tracker.Cli.Api;

namespace Tracker.Cli.Output;

/// <summary>What a submission would do, for people.</summary>
internal static class PlanText
{
    public static void Write(Printer printer, PlanReply plan)
    {
        var groups = plan.Runs.GroupBy(r => (r.Spec.Method, r.Spec.Batch, r.Spec.GhostBatch, r.Steps, r.Epochs, r.InitialLearningRate)).ToList();
        printer.Table(
            ["Method", Column.Number("Batch"), Column.Number("Ghost"), "Seeds", Column.Number("Epochs"), Column.Number("Updates"), Column.Number("Rate"), Column.Number("Each")],
            groups.Select(g => (IReadOnlyList<Cell>)
            [
                g.Key.Method, $"{g.Key.Batch}", $"{g.Key.GhostBatch}", Seeds(g), $"{g.Key.Epochs}", $"{g.Key.Steps}", Format.Number(g.Key.InitialLearningRate),
                Format.Duration(g.Average(r => r.EstimatedSeconds)),
            ]));
        printer.Line();
        printer.Line($"{Format.Count(plan.RunCount, "run")} to train{(plan.ReusedCount > 0 ? $", {plan.ReusedCount} trained before" : "")}.");
        if (plan.Duration is { } d) printer.Line($"Takes {Format.Duration(d.Seconds)} ({Format.Duration(d.Low)} to {Format.Duration(d.High)}){Basis(plan)}.");
        if (plan.Finishes is { } f) printer.Line($"Done about {Format.Time(f.Expected)} ({Format.Time(f.Earliest)} to {Format.Time(f.Latest)}).");
        foreach (var r in plan.Refused)
            printer.Line($"Left out: {Format.Count(r.Count, "run")} of {r.Method} with batch {r.Batch}{(r.GhostBatch is { } ghost ? $", ghost batch {ghost}" : "")}: {r.Path}: {Format.Plain(r.Reason)}");
        foreach (var warning in plan.Warnings ?? []) printer.Note($"Warning: {Format.Plain(warning)}");
    }

    private static string Basis(PlanReply plan) => plan.EstimateBasis is { Length: > 0 } basis ? $", by {Format.Plain(basis)}" : "";

    /// <summary>A few are named, many counted; the same run asked for with different settings counts once for each.</summary>
    private static string Seeds(IEnumerable<PlannedReply> runs)
    {
        var seeds = runs.Select(r => r.Spec.Seed).ToList();
        return seeds.Count <= 6 ? string.Join(", ", seeds) : Format.Count(seeds.Count, "run");
    }
}
