using Tracker.Storage;
using Tracker.Web.Formatting;

namespace Tracker.Web.Views;

/// <summary>Says what a sweep takes, and where.</summary>
public static class SpaceText
{
    public static string Of(SpaceOfSweep space)
    {
        ArgumentNullException.ThrowIfNull(space);
        List<string> parts = [$"{Numbers.Bytes(space.PointBytes)} for {Numbers.Of(space.Points, "point")}", $"{Numbers.Bytes(space.LogBytes)} of logs"];
        if (space.Checkpoints > 0) parts.Add($"{Numbers.Bytes(space.CheckpointBytes)} in {Numbers.Of(space.Checkpoints, "checkpoint")} on hosts");
        if (space.ArtifactBytes > 0) parts.Add($"{Numbers.Bytes(space.ArtifactBytes)} of stored files");
        return $"Takes about {Numbers.Bytes(space.Bytes)}: {string.Join(", ", parts[..^1])} and {parts[^1]}.";
    }
}
