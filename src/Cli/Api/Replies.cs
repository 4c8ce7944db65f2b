namespace Tracker.Cli.Api;

/// <summary>Who the server takes the token's owner for.</summary>
internal sealed record MeReply(string Name, string Role, string? Token, string? Scope);

/// <summary>How many runs are in which state.</summary>
internal sealed record CountsReply(int Queued, int Starting, int Running, int Paused, int Succeeded, int Failed, int Cancelled, int Total)
{
    public int Over => Succeeded + Failed + Cancelled;

    public override string ToString() => string.Join(", ", ((string Name, int Count)[])
        [("queued", Queued), ("running", Starting + Running), ("paused", Paused), ("succeeded", Succeeded), ("failed", Failed), ("cancelled", Cancelled)] is var all
            ? all.Where(c => c.Count > 0).Select(c => $"{c.Count} {c.Name}") : []);
}

/// <summary>A sweep, as far as a terminal shows it.</summary>
internal sealed record SweepReply(
    long Id, string Name, string? Notes, string State, string? Priority, string? Owner, DateTimeOffset CreatedAt, DateTimeOffset? FinishedAt, CountsReply? Counts, int Reused,
    double Progress, double? EtaSeconds);

/// <summary>A run, as far as a terminal shows it. States are texts, so that one that this program does not know is shown as well.</summary>
internal sealed record RunReply(
    long Id, long SweepId, string? SweepName, string Title, string State, DateTimeOffset StateSince, string? Wish, int Attempt, string? Host, string? Device, bool Reused,
    SpecReply? Spec, ProgressReply? Progress, CheckpointReply? Checkpoint, ResultReply? Result, FailureReply? Failure, string? Notes, IReadOnlyList<string>? Tags,
    DateTimeOffset CreatedAt, DateTimeOffset? StartedAt, DateTimeOffset? FinishedAt)
{
    public bool IsOver => State is "Succeeded" or "Failed" or "Cancelled";

    public bool Succeeded => State == "Succeeded";

    /// <summary>From 0 to 1.</summary>
    public double Done => Succeeded ? 1 : Math.Clamp(Progress?.Fraction ?? 0, 0, 1);

    /// <summary>What the run has to show: by the rule that chose its weights, else at its end, else so far.</summary>
    public double? Accuracy => Result?.Selected?.Accuracy ?? Result?.FinalValidationAccuracy ?? Progress?.ValidationAccuracy;
}

internal sealed record SpecReply(string? Network, string? Dataset, string? Method, int? Batch, int? GhostBatch, int? Seed, int? Epochs, int? TrainExamples);

internal sealed record ProgressReply(
    double Fraction, long Step, long TotalSteps, double Epoch, double TotalEpochs, double SamplesPerSecond, double? EtaSeconds, double? TrainLoss, double? ValidationAccuracy);

internal sealed record CheckpointReply(long Step, string Sha256, long Bytes);

internal sealed record ResultReply(double FinalValidationAccuracy, double BestValidationAccuracy, double TrainSeconds, SelectedReply? Selected);

internal sealed record SelectedReply(double Accuracy);

internal sealed record FailureReply(string? Kind, string? Reason);

/// <summary>What a verb did: runs that it touched, and runs that were past it.</summary>
internal sealed record VerbReply(int Changed, int Unchanged);

/// <summary>What a submission would do.</summary>
internal sealed record PlanReply(
    int RunCount, int ReusedCount, string? EstimateBasis, IReadOnlyList<PlannedReply> Runs, IReadOnlyList<RefusedReply> Refused, DurationReply? Duration,
    MomentReply? Finishes, IReadOnlyList<string>? Warnings);

internal sealed record PlannedReply(string Title, SpecReply Spec, long Steps, int Epochs, double InitialLearningRate, double? EstimatedSeconds);

internal sealed record RefusedReply(string Path, string Reason, string Method, int Batch, int? GhostBatch, int Count);

internal sealed record DurationReply(double Seconds, double Low, double High);

internal sealed record MomentReply(DateTimeOffset Expected, DateTimeOffset Earliest, DateTimeOffset Latest);

/// <summary>Something in the recycle bin.</summary>
internal sealed record BinReply(string Kind, long Id, string Name, string? Owner, DateTimeOffset DeletedAt, string? DeletedBy, int Runs, long Bytes, DateTimeOffset? PurgeAt);

/// <summary>A part of a run's log.</summary>
internal sealed record LogReply(IReadOnlyList<LogLineReply> Lines, string? NextCursor);

internal sealed record LogLineReply(int Attempt, long Line, DateTimeOffset At, string Level, string Text);

/// <summary>A table of results; accuracies in percent.</summary>
internal sealed record TableReply(string Title, IReadOnlyList<string> Columns, IReadOnlyList<TableRowReply> Rows);

internal sealed record TableRowReply(
    string NetworkTitle, string DatasetTitle, int SmallBatch, int? LargeBatch, int? GhostBatch, int Epochs, int TrainExamples, int AllTrainExamples, string Parameters,
    IReadOnlyList<TableCellReply> Cells);

internal sealed record TableCellReply(int Seeds, double? MeanPercent, double? StdPercent, double? PaperPercent, int Runs, int Failed, double Progress);

internal sealed record BoardReply(string Network, string Dataset, int Runs);

internal sealed record LeaderboardReply(string Network, string Dataset, IReadOnlyList<LeaderboardRowReply> Rows);

internal sealed record LeaderboardRowReply(
    string Method, int Batch, int? GhostBatch, int Epochs, int TrainExamples, string Settings, int Seeds, double Mean, double? Std, double Best, ComparisonReply? Comparison,
    double? TrainSeconds, IReadOnlyList<string>? Owners);

internal sealed record ComparisonReply(double Difference, double? CorrectedP);

internal sealed record HostReply(long Id, string Name, string State, string Version, int Slots, IReadOnlyList<DeviceReply> Devices, DateTimeOffset HeartbeatAt, IReadOnlyList<RunReply> Runs, IReadOnlyList<string>? Labels);

internal sealed record DeviceReply(string Class, string Name, string Model, int Slots, int SlotsInUse);

internal sealed record QueueReply(CountsReply Counts, IReadOnlyList<RunReply> Active, IReadOnlyList<QueueEntryReply> Entries, int Total, string? NextCursor);

internal sealed record QueueEntryReply(long RunId, string Title, string? Owner, int Place, string Explanation, DurationReply? Duration, MomentReply? Starts);

internal sealed record TokenReply(long Id, string Name, string Prefix, string Scope, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, DateTimeOffset? LastUsedAt, string? Token);
