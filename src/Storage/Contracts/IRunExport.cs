using Tracker.Domain;

namespace Tracker.Storage;

/// <summary>Reads fields of runs, for files of any size.</summary>
public interface IRunExport
{
    /// <summary>
    /// The values of fields of all runs of a search, from first to last, streamed; limit, skip and cursor do not count. A value is a
    /// <see cref="long"/>, a <see cref="double"/>, a text, a <see cref="DateTimeOffset"/>, an array of texts, or <see langword="null"/>.
    /// </summary>
    IAsyncEnumerable<IReadOnlyList<object?>> RowsAsync(RunSearch search, IReadOnlyList<FilterField> fields, CancellationToken cancellationToken);
}
