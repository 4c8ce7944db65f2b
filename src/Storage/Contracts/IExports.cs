using Tracker.Domain;

namespace Tracker.Storage;

/// <summary>How an exported file is written.</summary>
public enum ExportFormat
{
    /// <summary>Comma-separated values under a heading. A text that a spreadsheet would take for a formula has an apostrophe before it.</summary>
    Csv,

    /// <summary>A JSON object a line. What is missing, and numbers that JSON lacks, are null.</summary>
    JsonLines,
}

/// <summary>
/// Files of any size, as the database writes them. Each shows one moment, and holds a connection and that moment's snapshot until it is disposed.
/// Faults of a search, and one that takes too long, are told before there is a file.
/// </summary>
public interface IExports
{
    /// <summary>Fields of all runs of a search in its order; limit, skip and cursor do not count.</summary>
    Task<IExportedFile> RunsAsync(RunSearch search, IReadOnlyList<FilterField> fields, ExportFormat format, CancellationToken cancellationToken);

    /// <summary>All points of all runs of a search, by run, metric and step; its order does not count.</summary>
    /// <param name="search">Which runs.</param>
    /// <param name="keys">Which metrics; all when empty. Those that no run has are left out.</param>
    /// <param name="format">How it is written.</param>
    /// <param name="cancellationToken">Ends the preparation.</param>
    Task<IExportedFile> MetricsAsync(RunSearch search, IReadOnlyList<string> keys, ExportFormat format, CancellationToken cancellationToken);

    /// <summary>The points of one run by metric and step; of several at one step the last.</summary>
    IAsyncEnumerable<ExportedPoint> PointsAsync(long runId, CancellationToken cancellationToken);
}

/// <summary>A file that is about to be written.</summary>
public interface IExportedFile : IAsyncDisposable
{
    /// <summary>Writes it, once. What fails in the middle throws: whoever reads must not take a part for the whole.</summary>
    Task WriteAsync(Stream target, CancellationToken cancellationToken);
}

/// <summary>A point of a series.</summary>
/// <param name="Metric">The metric.</param>
/// <param name="Step">Its step.</param>
/// <param name="WallMs">Milliseconds since the run started.</param>
/// <param name="Value">Its value; may be NaN or infinite.</param>
public readonly record struct ExportedPoint(string Metric, long Step, long WallMs, double Value);
