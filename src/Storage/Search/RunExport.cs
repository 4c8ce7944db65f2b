using System.Runtime.CompilerServices;
using Tracker.Domain;

namespace Tracker.Storage.Search;

/// <inheritdoc cref="IRunExport" />
internal sealed class RunExport(RunQueries queries) : IRunExport
{
    /// <summary>
    /// Rows of one query. Each part is a query of its own, so that a client that reads slowly holds no connection, and none takes longer than
    /// the limit for one.
    /// </summary>
    private const int Chunk = 2000;

    public async IAsyncEnumerable<IReadOnlyList<object?>> RowsAsync(
        RunSearch search, IReadOnlyList<FilterField> fields, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? cursor = null;
        while (true)
        {
            var places = await queries.PlacesAsync(search with { Skip = 0 }, Chunk, cursor, fields, cancellationToken);
            foreach (var place in places) yield return place.Values;
            if (places.Count < Chunk) yield break;
            cursor = places[^1].Cursor;
        }
    }
}
