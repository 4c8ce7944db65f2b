namespace Tracker.System.Tests.Support;

/// <summary>What users do with a run.</summary>
public enum Verb
{
    Pause,
    Resume,
    Cancel,
    Retry,
    Delete,
}

/// <summary>What a verb answered.</summary>
public enum Answer
{
    /// <summary>It changed the run.</summary>
    Changed,

    /// <summary>The run was past it.</summary>
    Unchanged,

    /// <summary>Not allowed in this state.</summary>
    Refused,

    /// <summary>There is no such run.</summary>
    Unknown,
}

/// <summary>Where a run stands, as far as verbs are concerned.</summary>
public enum Stand
{
    Queued,
    Trained,
    ToBePaused,
    ToBeCancelled,
    Paused,
    Cancelled,
    Gone,
}

/// <summary>The written meaning of the verbs, one after another, with the host's own steps between them at any moment.</summary>
internal static class VerbModel
{
    /// <summary>All that two verbs given at the same time can answer and come to in some order.</summary>
    public static IReadOnlySet<(Answer First, Answer Second, Stand End)> Outcomes(Stand start, Verb first, Verb second)
    {
        var found = new HashSet<(Answer, Answer, Stand)>();
        Explore(start, first, second, null, null, found);
        return found;
    }

    private static void Explore(Stand stand, Verb first, Verb second, Answer? one, Answer? other, HashSet<(Answer, Answer, Stand)> found)
    {
        var next = HostStep(stand);
        if (next is { } step) Explore(step, first, second, one, other, found);
        if (one is { } a && other is { } b)
        {
            if (next is null) found.Add((a, b, stand));
            return;
        }
        if (one is null && Apply(stand, first) is var (after, answer)) Explore(after, first, second, answer, other, found);
        if (other is null && Apply(stand, second) is var (then, reply)) Explore(then, first, second, one, reply, found);
    }

    private static Stand? HostStep(Stand stand) => stand switch
    {
        Stand.Queued => Stand.Trained,
        Stand.ToBePaused => Stand.Paused,
        Stand.ToBeCancelled => Stand.Cancelled,
        _ => null,
    };

    private static (Stand After, Answer Answer) Apply(Stand stand, Verb verb) => (verb, stand) switch
    {
        (_, Stand.Gone) => (stand, Answer.Unknown),
        (Verb.Pause, Stand.Queued) => (Stand.Paused, Answer.Changed),
        (Verb.Pause, Stand.Trained) => (Stand.ToBePaused, Answer.Changed),
        (Verb.Resume, Stand.Paused) => (Stand.Queued, Answer.Changed),
        (Verb.Resume, Stand.ToBePaused) => (Stand.Trained, Answer.Changed),
        (Verb.Cancel, Stand.Queued or Stand.Paused) => (Stand.Cancelled, Answer.Changed),
        (Verb.Cancel, Stand.Trained or Stand.ToBePaused) => (Stand.ToBeCancelled, Answer.Changed),
        (Verb.Retry, Stand.Cancelled) => (Stand.Queued, Answer.Changed),
        (Verb.Delete, Stand.Trained or Stand.ToBePaused or Stand.ToBeCancelled) => (stand, Answer.Refused),
        (Verb.Delete, _) => (Stand.Gone, Answer.Changed),
        _ => (stand, Answer.Unchanged),
    };
}
