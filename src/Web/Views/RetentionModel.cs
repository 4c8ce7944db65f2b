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

    public string? LogFault => Read(Logs).Fault;

    public string? EventFault => Read(Events).Fault;

    /// <summary>The rules, or <see langword="null"/> while a field has a fault.</summary>
    public RetentionRules? Rules => LogFault is null && EventFault is null ? new(Read(Logs).Days, Read(Events).Days) : null;

    public void Fill(RetentionRules rules) => (Logs, Events) = (Text(rules.LogDays), Text(rules.EventDays));

    /// <summary>What would go, in a sentence.</summary>
    public static string Describe(RetentionPreview preview) => (preview.Logs, preview.Events) switch
    {
        (0, 0) => "Nothing would go now.",
        (_, 0) => $"{Part(preview.Logs, "log line", preview.LogRuns)} would go now.",
        (0, _) => $"{Part(preview.Events, "event", preview.EventRuns)} would go now.",
        _ => $"{Part(preview.Logs, "log line", preview.LogRuns)} and {Part(preview.Events, "event", preview.EventRuns)} would go now.",
    };

    private static string Part(long rows, string one, long runs) => $"{Numbers.Of(rows, one)} of {Numbers.Of(runs, "run")}";

    private static string Text(int? days) => days?.ToString(CultureInfo.InvariantCulture) ?? "";

    private static (int? Days, string? Fault) Read(string text)
    {
        if (string.IsNullOrWhiteSpace(text)) return (null, null);
        return int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var days) && days is >= 1 and <= RetentionRules.MaxDays
            ? (days, null)
            : (null, $"Enter a whole number of days from 1 to {Numbers.Count(RetentionRules.MaxDays)}, or nothing.");
    }
}
