using Tracker.Domain;

namespace Tracker.Storage;

/// <summary>What the values of a field of runs are.</summary>
public enum RunFieldKind
{
    /// <summary>Numbers.</summary>
    Number,

    /// <summary>Texts.</summary>
    Text,

    /// <summary>Moments.</summary>
    Time,
}

/// <summary>A field of runs by which lists can be filtered and sorted, and which they can show.</summary>
/// <param name="Name">Its name in filters, such as <c>batch</c>, <c>metrics.validation/accuracy</c>, <c>params.momentum</c>.</param>
/// <param name="Title">What people call it.</param>
/// <param name="Kind">What its values are.</param>
/// <param name="Group">Heading under which it is offered: Run, Setting, Result, Metric.</param>
public sealed record RunField(string Name, string Title, RunFieldKind Kind, string Group);

/// <summary>Order of a list of runs; ties are broken by descending id, and runs without the field come last either way.</summary>
/// <param name="Field">Name of a <see cref="RunField"/>.</param>
/// <param name="Descending">Largest first.</param>
public sealed record RunOrder(string Field, bool Descending)
{
    /// <summary>Newest first.</summary>
    public static readonly RunOrder Newest = new("id", true);

    /// <summary>Whether parameters that are numbers go by their texts all the same, so that 128 comes before 64.</summary>
    public bool AsText { get; init; }
}

/// <summary>Whether what lies in the recycle bin counts.</summary>
public enum Presence
{
    /// <summary>Only what is not there.</summary>
    Active,

    /// <summary>Only what is there.</summary>
    Deleted,

    /// <summary>Both.</summary>
    All,
}

/// <summary>Which runs to list, in which order, and which part of the list.</summary>
public sealed record RunSearch
{
    /// <summary>An expression of the filter language; empty for all.</summary>
    public string Filter { get; init; } = "";

    /// <summary>What must hold besides: a condition that needs no reading.</summary>
    public FilterExpression? Within { get; init; }

    /// <summary>Whether runs in the recycle bin are listed.</summary>
    public Presence Presence { get; init; }

    /// <summary>The order.</summary>
    public RunOrder Order { get; init; } = RunOrder.Newest;

    /// <summary>What decides, one after the other, among runs that are equal in <see cref="Order"/>; before their ids.</summary>
    public IReadOnlyList<RunOrder> Then { get; init; } = [];

    /// <summary>How many at most.</summary>
    public int Limit { get; init; } = 50;

    /// <summary>Where a former page ended: only what follows is listed.</summary>
    public string? Cursor { get; init; }

    /// <summary>How many to leave out after the cursor: for a list that is scrolled far at once.</summary>
    public int Skip { get; init; }

    /// <summary>Metrics whose latest values are wanted beside each run.</summary>
    public IReadOnlyList<string> Metrics { get; init; } = [];
}

/// <summary>A run in a list, with the metrics that were asked for.</summary>
/// <param name="Run">The run.</param>
/// <param name="Metrics">Latest values by metric; one that the run does not have is missing.</param>
/// <param name="Cursor">Continues the list after this run.</param>
public sealed record FoundRun(RunView Run, IReadOnlyDictionary<string, double> Metrics, string Cursor);

/// <summary>Part of a list of runs.</summary>
/// <param name="Runs">The runs in order.</param>
/// <param name="More">Whether others follow.</param>
public sealed record RunPage(IReadOnlyList<FoundRun> Runs, bool More)
{
    /// <summary>Continues the list after this part, also where its last runs have been deleted since.</summary>
    public string? Next { get; init; }
}

/// <summary>Part of a list of runs, by their ids alone.</summary>
/// <param name="Ids">In order.</param>
/// <param name="Next">Continues the list; <see langword="null"/> at its end.</param>
public sealed record RunIdPage(IReadOnlyList<long> Ids, string? Next);

/// <summary>Lists runs by filter and order. A faulty filter, an unknown field or a foreign cursor is a <see cref="FilterException"/>.</summary>
public interface IRunSearch
{
    /// <summary>The runs of a search, a part at a time.</summary>
    Task<RunPage> PageAsync(RunSearch search, CancellationToken cancellationToken);

    /// <summary>The ids of the runs of a search, a part at a time.</summary>
    Task<RunIdPage> IdPageAsync(RunSearch search, CancellationToken cancellationToken);

    /// <summary>How many runs a search matches; limit, skip and cursor do not count.</summary>
    Task<int> CountAsync(RunSearch search, CancellationToken cancellationToken);

    /// <summary>Ids of the runs of a search.</summary>
    Task<IReadOnlyList<long>> IdsAsync(RunSearch search, CancellationToken cancellationToken);

    /// <summary>All runs of a search, from first to last, streamed; limit, skip and cursor do not count.</summary>
    IAsyncEnumerable<FoundRun> AllAsync(RunSearch search, CancellationToken cancellationToken);

    /// <summary>What runs can be filtered and sorted by: the fixed fields, and the metrics and parameters that any run has.</summary>
    Task<IReadOnlyList<RunField>> FieldsAsync(CancellationToken cancellationToken);

    /// <summary>Values that a field has, most frequent first, for completion.</summary>
    Task<IReadOnlyList<string>> ValuesAsync(string field, string start, int limit, CancellationToken cancellationToken);
}
