using System.Text.Json.Serialization;
using Tracker.Storage;

namespace Tracker.Web.Api;

/// <summary>How long things are kept, in days; null for ever.</summary>
/// <param name="LogDays">Logs of runs that have ended.</param>
/// <param name="EventDays">Events of runs that have ended.</param>
/// <param name="PointDays">All points of their long series; later the least, the greatest and the last of each bucket. Evaluations are always kept.</param>
/// <param name="CheckpointDays">All of their checkpoints; later those of the best and of the last run of each sweep.</param>
/// <param name="BinDays">What lies in the recycle bin; 0 for not at all.</param>
public sealed record RetentionRulesResource(int? LogDays, int? EventDays, int? PointDays, int? CheckpointDays, int? BinDays)
{
    public static RetentionRulesResource From(RetentionRules r) => new(r.LogDays, r.EventDays, r.PointDays, r.CheckpointDays, r.BinDays);

    /// <summary>The rules, checked.</summary>
    internal RetentionRules Read()
    {
        var checks = new Checks();
        foreach (var (name, days, least) in new[] { ("logDays", LogDays, 1), ("eventDays", EventDays, 1), ("pointDays", PointDays, 1), ("checkpointDays", CheckpointDays, 1), ("binDays", BinDays, 0) })
            checks.Require(name, days is null || (days >= least && days <= RetentionRules.MaxDays), $"Expected {least} to {RetentionRules.MaxDays} days or null, found {days}.");
        checks.Throw();
        return new(LogDays, EventDays) { PointDays = PointDays, CheckpointDays = CheckpointDays, BinDays = BinDays };
    }
}

/// <summary>A time at which the rules were applied.</summary>
/// <param name="StartedAt">When.</param>
/// <param name="EndedAt">When all was done; null while it is not, or when it was broken off.</param>
/// <param name="Logs">Lines of logs that were removed.</param>
/// <param name="Events">Events that were removed.</param>
/// <param name="Points">Points that were removed.</param>
/// <param name="Checkpoints">Checkpoints that were given up.</param>
public sealed record RetentionPassResource(DateTimeOffset StartedAt, DateTimeOffset? EndedAt, long Logs, long Events, long Points, long Checkpoints)
{
    public static RetentionPassResource? From(RetentionPass? p) => p is null ? null : new(p.StartedAt, p.EndedAt, p.Logs, p.Events, p.Points, p.Checkpoints);
}

/// <summary>The rules of retention, and the last time that they were applied.</summary>
/// <param name="Rules">The rules.</param>
/// <param name="LastPass">The last time.</param>
public sealed record RetentionResource(RetentionRulesResource Rules, RetentionPassResource? LastPass) : IEditable
{
    [JsonIgnore]
    public string EditTag => Storage.EditTag.OfRules(Rules.LogDays, Rules.EventDays, Rules.PointDays, Rules.CheckpointDays, Rules.BinDays);
}

/// <summary>What rules would remove now.</summary>
/// <param name="Logs">Lines of logs.</param>
/// <param name="LogRuns">Of so many runs.</param>
/// <param name="Events">Events.</param>
/// <param name="EventRuns">Of so many runs.</param>
/// <param name="Points">Points of long series, at least.</param>
/// <param name="PointRuns">Of so many runs.</param>
/// <param name="Checkpoints">Checkpoints.</param>
/// <param name="CheckpointBytes">What these take.</param>
/// <param name="BinItems">Runs and sweeps in the recycle bin.</param>
public sealed record RetentionPreviewResource(
    long Logs, long LogRuns, long Events, long EventRuns, long Points, long PointRuns, long Checkpoints, long CheckpointBytes, long BinItems)
{
    public static RetentionPreviewResource From(RetentionPreview p) => new(
        p.Logs, p.LogRuns, p.Events, p.EventRuns, p.Points, p.PointRuns, p.Checkpoints, p.CheckpointBytes, p.BinItems);
}

/// <summary>About what a sweep takes, with the runs that are its own.</summary>
/// <param name="Runs">Its own runs; what other sweeps lend it counts there.</param>
/// <param name="Points">Points of their series.</param>
/// <param name="PointBytes">About what these take in the database.</param>
/// <param name="LogBytes">Logs and events.</param>
/// <param name="Checkpoints">Checkpoints on the disks of hosts.</param>
/// <param name="CheckpointBytes">As hosts recorded them.</param>
/// <param name="ArtifactBytes">Files that programs outside have stored.</param>
/// <param name="Bytes">All together.</param>
public sealed record SpaceResource(int Runs, long Points, long PointBytes, long LogBytes, int Checkpoints, long CheckpointBytes, long ArtifactBytes, long Bytes)
{
    public static SpaceResource From(SpaceOfSweep s) => new(s.Runs, s.Points, s.PointBytes, s.LogBytes, s.Checkpoints, s.CheckpointBytes, s.ArtifactBytes, s.Bytes);
}
