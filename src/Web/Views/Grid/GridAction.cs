using Tracker.Domain;
using Tracker.Storage;
using Tracker.Web.Formatting;

namespace Tracker.Web.Views.Grid;

/// <summary>Something that can be done to the chosen runs.</summary>
/// <param name="Title">On its button: "Pause".</param>
/// <param name="Icon">Beside it.</param>
/// <param name="Doing">While it is done: "Pausing".</param>
/// <param name="Done">Afterwards: "paused".</param>
/// <param name="AtOnce">To how many runs at a time.</param>
/// <param name="Act">Does it to these runs and tells how many it changed.</param>
public sealed record GridAction(
    string Title, string Icon, string Doing, string Done, int AtOnce, Func<IRuns, IReadOnlyList<long>, CancellationToken, Task<int>> Act)
{
    // So many that it goes fast, so few that their locks are short and one sees how far it is.
    private const int Some = 100;

    public static readonly GridAction Pause = Of(RunVerb.Pause, "pause", "Pausing", "paused");

    public static readonly GridAction Resume = Of(RunVerb.Resume, "play", "Resuming", "resumed");

    public static readonly GridAction Retry = Of(RunVerb.Retry, "retry", "Retrying", "queued again");

    public static readonly GridAction Cancel = Of(RunVerb.Cancel, "x", "Cancelling", "cancelled");

    public static readonly GridAction Delete = new("Delete", "trash", "Deleting", "moved to the recycle bin", 1, async (runs, ids, token) => await runs.DeleteAsync(ids[0], token) ? 1 : 0);

    public static GridAction Reprioritise(Priority priority) => new(
        priority.ToString(), "top", "Reprioritising", $"given {priority.ToString().ToLowerInvariant()} priority", Some,
        async (runs, ids, token) => (await runs.ChangePriorityAsync(ids, priority, token)).Changed);

    public static GridAction Tag(string tag) => new("Add", "tag", "Tagging", $"tagged “{tag}”", Some,
        async (runs, ids, token) => (await runs.ChangeTagsAsync(ids, [tag], [], token)).Changed);

    public static GridAction Untag(string tag) => new("Remove", "tag", "Untagging", $"no longer tagged “{tag}”", Some,
        async (runs, ids, token) => (await runs.ChangeTagsAsync(ids, [], [tag], token)).Changed);

    /// <summary>What came of it, in a sentence: "12 runs paused; 3 needed nothing."</summary>
    public string Outcome(GridBatch batch)
    {
        var parts = new List<string> { $"{Numbers.Of(batch.Changed, "run")} {Done}" };
        if (batch.Done - batch.Changed - batch.Refused is var idle and > 0)
            parts.Add($"{Numbers.Count(idle)} needed nothing");
        if (batch.Refused > 0)
            parts.Add($"{Numbers.Count(batch.Refused)} refused: {batch.Refusal!.TrimEnd('.')}");
        if (batch.Done < batch.All)
            parts.Add($"stopped before the other {Numbers.Count(batch.All - batch.Done)}");
        return string.Join("; ", parts) + ".";
    }

    private static GridAction Of(RunVerb verb, string icon, string doing, string done) =>
        new(verb.ToString(), icon, doing, done, Some, async (runs, ids, token) => (await runs.DoAsync(verb, ids, token)).Changed);
}
