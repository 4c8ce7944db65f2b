namespace Tracker.Storage;

/// <summary>What is particular to a run that a program outside reports.</summary>
/// <param name="Name">What the program calls it.</param>
/// <param name="Parameters">The parameters that it logged, as it wrote them.</param>
/// <param name="Tags">The tags that it set, MLflow's own among them.</param>
/// <param name="LastReportAt">When it was last heard of.</param>
/// <param name="Silent">Whether it is said to run, but was not heard of for <see cref="SilentAfter"/>.</param>
public sealed record ExternalRun(
    string Name, IReadOnlyDictionary<string, string> Parameters, IReadOnlyDictionary<string, string> Tags, DateTimeOffset LastReportAt, bool Silent)
{
    /// <summary>Such programs give no sign of life but what they report, which some do once in an epoch: so long without any, and pages say so.</summary>
    public static readonly TimeSpan SilentAfter = TimeSpan.FromMinutes(10);

    /// <summary>So long without any report, and the run counts as lost with its machine; the next report makes it run again.</summary>
    public static readonly TimeSpan LostAfter = TimeSpan.FromHours(24);
}

/// <summary>What is particular to an experiment of programs outside.</summary>
/// <param name="Tags">The tags that they set.</param>
public sealed record ExternalExperiment(IReadOnlyDictionary<string, string> Tags);
