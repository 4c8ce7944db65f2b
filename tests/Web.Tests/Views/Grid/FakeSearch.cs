using Tracker.Domain;
using Tracker.Storage;

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

    public async Task<RunPage> PageAsync(RunSearch search, CancellationToken cancellationToken)
    {
        Asked.Add(search);
        if (Away) throw new TimeoutException();
        if (Gate is not null) await Gate.Task;
        var after = search.Cursor is null ? long.MaxValue : long.Parse(search.Cursor);
        var rest = Matching(search.Filter).Where(run => run.Id < after).Skip(search.Skip).ToList();
        return new([.. rest.Take(search.Limit).Select(run => new FoundRun(run, new Dictionary<string, double>(), $"{run.Id}"))], rest.Count > search.Limit);
    }

    public Task<int> CountAsync(string filter, CancellationToken cancellationToken) =>
        Away ? throw new TimeoutException() : Task.FromResult(Matching(filter).Count());

    public Task<IReadOnlyList<long>> IdsAsync(string filter, RunOrder order, int limit, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<long>>([.. Matching(filter).Select(run => run.Id).Take(limit)]);

    public IAsyncEnumerable<FoundRun> AllAsync(RunSearch search, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<RunField>> FieldsAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<string>> ValuesAsync(string field, string start, int limit, CancellationToken cancellationToken) => throw new NotSupportedException();

    private IEnumerable<RunView> Matching(string filter)
    {
        var runs = Runs.OrderByDescending(run => run.Id).AsEnumerable();
        foreach (var part in filter.Split(" and ", StringSplitOptions.RemoveEmptyEntries))
        {
            runs = part switch
            {
                _ when part.StartsWith("id in (", StringComparison.Ordinal) => runs.Where(run => part[7..^1].Split(", ").Contains($"{run.Id}")).ToList(),
                _ when part.StartsWith("id > ", StringComparison.Ordinal) => runs.Where(run => run.Id > long.Parse(part[5..])).ToList(),
                "state = 'Queued'" => runs.Where(run => run.State == RunState.Queued).ToList(),
                _ => throw new FilterException($"'{part}' is not understood.", 0, part.Length),
            };
        }
        return runs;
    }
}
