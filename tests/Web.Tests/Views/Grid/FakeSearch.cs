using Tracker.Domain;
using Tracker.Storage;
using Tracker.Web.Views.Grid;

namespace Tracker.Web.Tests.Views.Grid;

/// <summary>A list of runs in memory, newest first. It understands the few filters that the grid itself writes, and counts what it was asked.</summary>
internal sealed class FakeSearch : IRunSearch
{
    private static readonly RunView s_run = SampleRuns.Of("""{ "network": "f1", "dataset": "fashion-mnist", "smallBatch": 128, "methods": ["sb"] }""")[0];

    public FakeSearch(int runs) => Runs = [.. Enumerable.Range(1, runs).Select(id => s_run with { Id = id })];

    public List<RunView> Runs { get; }

    public List<RunSearch> Asked { get; } = [];

    /// <summary>Holds answers back until it is set.</summary>
    public TaskCompletionSource? Gate { get; set; }

    public bool Away { get; set; }

    /// <summary>The run that is deleted in the middle of the next question.</summary>
    public long Vanishing { get; set; }

    public async Task<RunPage> PageAsync(RunSearch search, CancellationToken cancellationToken)
    {
        Asked.Add(search);
        if (Away) throw new TimeoutException();
        if (Gate is not null) await Gate.Task;
        var after = search.Cursor is null ? long.MaxValue : long.Parse(search.Cursor);
        var rest = Matching(search).Where(run => run.Id < after).Skip(search.Skip).ToList();
        var page = rest.Take(search.Limit).Where(run => run.Id != Vanishing).Select(run => new FoundRun(run, new Dictionary<string, double>(), $"{run.Id}")).ToList();
        Runs.RemoveAll(run => run.Id == Vanishing);
        return new(page, rest.Count > search.Limit);
    }

    public Task<RunIdPage> IdPageAsync(RunSearch search, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<int> CountAsync(RunSearch search, CancellationToken cancellationToken) =>
        Away ? throw new TimeoutException() : Task.FromResult(Matching(search).Count());

    public Task<IReadOnlyList<long>> IdsAsync(RunSearch search, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<long>>([.. Matching(search).Select(run => run.Id).Take(search.Limit)]);

    public IAsyncEnumerable<FoundRun> AllAsync(RunSearch search, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<RunField>> FieldsAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<string>> ValuesAsync(string field, string start, int limit, CancellationToken cancellationToken) => throw new NotSupportedException();

    private IEnumerable<RunView> Matching(RunSearch search)
    {
        var filter = Filters.And(FilterParser.Parse(search.Filter), search.Within);
        return Runs.OrderByDescending(run => run.Id).Where(run => filter is null || Matches(run, filter));
    }

    private static bool Matches(RunView run, FilterExpression filter) => filter switch
    {
        FilterAnd and => Matches(run, and.Left) && Matches(run, and.Right),
        FilterMembership { Field.Key: "id" } ids => ids.Values.Contains(new FilterNumber(run.Id)),
        FilterComparison { Field.Key: "id", Operator: FilterOperator.Greater, Value: FilterNumber id } => run.Id > id.Value,
        FilterComparison { Field.Key: "state", Operator: FilterOperator.Equal, Value: FilterString state } => $"{run.State}" == state.Value,
        _ => throw new FilterException($"'{filter}' is not understood.", 0),
    };
}
