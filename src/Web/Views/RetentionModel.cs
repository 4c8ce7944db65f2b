using System.Globalization;
using Tracker.Storage;
using Tracker.Web.Formatting;

namespace Tracker.Web.Views;

/// <summary>What is stored, for how long, and what the rules removed last.</summary>
public sealed record RetentionModel(RetentionRules Rules, RetentionPass? LastPass, StorageSpace Space)
{
    /// <summary>What takes the database's space, by name, largest first; the rest is runs, queue, accounts and indexes.</summary>
    public IReadOnlyList<(string Name, long Bytes)> Parts =>
    [
        .. new[] { ("Points of series", Space.Points), ("Logs", Space.Logs), ("Events", Space.Events), ("Everything else", Math.Max(0, Space.Database - Space.Points - Space.Logs - Space.Events)) }
            .OrderByDescending(p => p.Item2),
    ];
}

/// <summary>Rules as they are typed: a number of days, or nothing for ever.</summary>
public sealed class RetentionDraft
{
    public string Logs { get; set; } = "";

    public string Events { get; set; } = "";

    public string Points { get; set; } = "";

    public string Checkpoints { get; set; } = "";

    public string Bin { get; set; } = Text(new RetentionRules(null, null).BinDays);

    public string? LogFault => Read(Logs).Fault;

    public string? EventFault => Read(Events).Fault;

    public string? PointFault => Read(Points).Fault;

    public string? CheckpointFault => Read(Checkpoints).Fault;

    public string? BinFault => Read(Bin, least: 0).Fault;

    /// <summary>The rules, or <see langword="null"/> while a field has a fault.</summary>
    public RetentionRules? Rules => (LogFault ?? EventFault ?? PointFault ?? CheckpointFault ?? BinFault) is not null ? null : new(Read(Logs).Days, Read(Events).Days)
    {
        PointDays = Read(Points).Days, CheckpointDays = Read(Checkpoints).Days, BinDays = Read(Bin, least: 0).Days,
    };

    public void Fill(RetentionRules rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        (Logs, Events, Points, Checkpoints, Bin) = (Text(rules.LogDays), Text(rules.EventDays), Text(rules.PointDays), Text(rules.CheckpointDays), Text(rules.BinDays));
    }

    /// <summary>What would go, in a sentence.</summary>
    public static string Describe(RetentionPreview preview)
    {
        ArgumentNullException.ThrowIfNull(preview);
        List<string> parts = [];
        if (preview.Logs > 0) parts.Add(Part(preview.Logs, "log line", preview.LogRuns));
        if (preview.Events > 0) parts.Add(Part(preview.Events, "event", preview.EventRuns));
        if (preview.Points > 0) parts.Add($"at least {Part(preview.Points, "point", preview.PointRuns)}");
        if (preview.Checkpoints > 0) parts.Add($"{Numbers.Of(preview.Checkpoints, "checkpoint")} ({Numbers.Bytes(preview.CheckpointBytes)})");
        if (preview.BinItems > 0) parts.Add($"{Numbers.Of(preview.BinItems, "item")} in the recycle bin");
        return parts.Count == 0 ? "Nothing would go now." : $"{Joined(parts)} would go now.";
    }

    /// <summary>What was removed, in words.</summary>
    public static string Removed(RetentionPass pass)
    {
        ArgumentNullException.ThrowIfNull(pass);
        List<string> parts = [];
        if (pass.Logs > 0) parts.Add(Numbers.Of(pass.Logs, "log line"));
        if (pass.Events > 0) parts.Add(Numbers.Of(pass.Events, "event"));
        if (pass.Points > 0) parts.Add(Numbers.Of(pass.Points, "point"));
        if (pass.Checkpoints > 0) parts.Add(Numbers.Of(pass.Checkpoints, "checkpoint"));
        return parts.Count == 0 ? "nothing" : Joined(parts);
    }

    private static string Joined(List<string> parts) => parts.Count == 1 ? parts[0] : $"{string.Join(", ", parts[..^1])} and {parts[^1]}";

    private static string Part(long rows, string one, long runs) => $"{Numbers.Of(rows, one)} of {Numbers.Of(runs, "run")}";

    private static string Text(int? days) => days?.ToString(CultureInfo.InvariantCulture) ?? "";

    private static (int? Days, string? Fault) Read(string? text, int least = 1)
    {
        if (string.IsNullOrWhiteSpace(text)) return (null, null);
        return int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var days) && days >= least && days <= RetentionRules.MaxDays
            ? (days, null)
            : (null, $"Enter a whole number of days from {least} to {Numbers.Count(RetentionRules.MaxDays)}, or nothing.");
    }
}
