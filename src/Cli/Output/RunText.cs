using Tracker.Cli.Api;

namespace Tracker.Cli.Output;

/// <summary>Runs, for people.</summary>
internal static class RunText
{
    public static void Table(Printer printer, IEnumerable<RunReply> runs) => printer.Table(
        [Column.Number("Id"), "State", "Run", Column.Number("Sweep"), Column.Number("Done"), Column.Number("Accuracy"), Column.Number("Left"), "Host", "Since"],
        runs.Select(r => (IReadOnlyList<Cell>)
        [
            $"{r.Id}", Cell.State(r.State), r.Title, $"{r.SweepId}", Format.Whole(r.Done), Format.Percent(r.Accuracy), r.IsOver || r.Progress?.EtaSeconds is not { } left ? "" : Format.Duration(left),
            r.Host, Format.Time(r.StateSince),
        ]));

    public static void Facts(Printer printer, RunReply r, Uri page) => printer.Facts(
        ("Run", $"{r.Id}"), ("Title", r.Title), ("State", r.Wish is null or "None" ? r.State : $"{r.State}, asked to {r.Wish.ToLowerInvariant()}"),
        ("Reason", r.Failure is { } f ? $"{f.Kind}: {f.Reason}" : ""), ("Sweep", $"{r.SweepId} {r.SweepName}"),
        ("Host", r.Host is null ? "" : $"{r.Host}, {r.Device}"), ("Attempt", r.Attempt == 0 ? "" : $"{r.Attempt}"),
        ("Progress", r.Progress is { } p ? $"{Format.Whole(r.Done)}: step {p.Step} of {p.TotalSteps}, epoch {p.Epoch:0.0} of {p.TotalEpochs:0}" : ""),
        ("Left", r.IsOver || r.Progress?.EtaSeconds is not { } left ? "" : Format.Duration(left)),
        ("Accuracy", r.Accuracy is null ? "" : Format.Percent(r.Accuracy)), ("Best", r.Result is null ? "" : Format.Percent(r.Result.BestValidationAccuracy)),
        ("Trained for", r.Result is null ? "" : Format.Duration(r.Result.TrainSeconds)),
        ("Checkpoint", r.Checkpoint is { } c ? $"step {c.Step}, {Format.Bytes(c.Bytes)}" : ""), ("Submitted", Format.Time(r.CreatedAt)),
        ("Started", r.StartedAt is null ? "" : Format.Time(r.StartedAt)), ("Finished", r.FinishedAt is null ? "" : Format.Time(r.FinishedAt)),
        ("Tags", string.Join(", ", r.Tags ?? [])), ("Notes", r.Notes), ("Page", page.AbsoluteUri));

    /// <summary>What is worth knowing of a run beside its bar.</summary>
    public static string Detail(RunReply run) => run switch
    {
        { State: "Succeeded" } => Format.Percent(run.Accuracy) + (run.Reused ? ", trained before" : ""),
        { State: "Failed" } => $"failed: {Format.Plain(run.Failure?.Reason ?? run.Failure?.Kind)}",
        { State: "Running", Progress: { } p } => string.Join(", ", Facts(p)),
        _ => run.State.ToLowerInvariant(),
    };

    private static IEnumerable<string> Facts(ProgressReply p)
    {
        yield return $"epoch {p.Epoch:0.0} of {p.TotalEpochs:0}";
        if (p.ValidationAccuracy is { } accuracy) yield return Format.Percent(accuracy);
        if (p.EtaSeconds is { } left) yield return $"{Format.Duration(left)} left";
    }
}
