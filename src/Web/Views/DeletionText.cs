using Tracker.Storage;
using Tracker.Web.Formatting;

namespace Tracker.Web.Views;

/// <summary>Says exactly what goes with a sweep.</summary>
public static class DeletionText
{
    public static string Of(string name, SweepDeletion what)
    {
        var parts = new List<string> { Numbers.Of(what.Runs, "run"), Numbers.Of(what.Points, "point") + " of their curves", "their logs" };
        if (what.Checkpoints > 0)
            parts.Add($"{Numbers.Of(what.Checkpoints, "checkpoint")} ({Numbers.Bytes(what.CheckpointBytes)})");
        var kept = what.Kept switch
        {
            0 => "",
            1 => " One more run stays, because another sweep shows it.",
            _ => $" {Numbers.Count(what.Kept)} more runs stay, because other sweeps show them.",
        };
        return $"{name} goes with {string.Join(", ", parts[..^1])} and {parts[^1]}.{kept} It can be restored from the recycle bin.";
    }
}
