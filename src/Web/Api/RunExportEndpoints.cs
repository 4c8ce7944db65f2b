using Microsoft.AspNetCore.Http.HttpResults;
using Tracker.Domain;
using Tracker.Storage;

namespace Tracker.Web.Api;

/// <summary>Runs as files, of any size.</summary>
public static class RunExportEndpoints
{
    private const string Csv = "text/csv";
    private const string JsonLines = "application/jsonl";

    /// <summary>What files hold when they are not told: names, settings, results and times.</summary>
    private static readonly FilterField[] s_columns =
    [
        .. ((string[])[
            "id", "name", "sweep", "sweep.name", "state", "network", "dataset", "method", "batch", "small_batch", "ghost_batch", "seed", "epochs", "train_examples",
            "learning_rate", "weight_decay", "momentum", "variant", "accuracy", "final_accuracy", "best_accuracy", "final_loss", "samples_per_second", "train_seconds",
            "progress", "owner", "host", "device", "created", "started", "finished", "tags", "notes", "failure"]).Select(n => FilterFields.Find(n)!),
    ];

    public static void MapRunExports(this RouteGroupBuilder api)
    {
        var files = api.MapGroup("").WithTags("Runs").Invalid();
        files.MapGet("/runs.csv", CsvAsync).Produces<string>(200, Csv);
        files.MapGet("/runs.jsonl", JsonLinesAsync).Produces<string>(200, JsonLines);
    }

    /// <summary>Read runs as CSV</summary>
    /// <remarks>All runs that match, with a heading, streamed. A text that a spreadsheet would take for a formula has an apostrophe before it.</remarks>
    public static Task<PushStreamHttpResult> CsvAsync([AsParameters] RunFileQuery query, IRunExport runs, CancellationToken cancellationToken) =>
        StreamAsync(query, runs, Csv, "runs.csv", RunExportWriter.WriteCsvAsync, cancellationToken);

    /// <summary>Read runs as lines of JSON</summary>
    /// <remarks>All runs that match, an object a line, streamed. What a run lacks, and numbers that JSON lacks, are null.</remarks>
    public static Task<PushStreamHttpResult> JsonLinesAsync([AsParameters] RunFileQuery query, IRunExport runs, CancellationToken cancellationToken) =>
        StreamAsync(query, runs, JsonLines, "runs.jsonl", RunExportWriter.WriteJsonLinesAsync, cancellationToken);

    private static async Task<PushStreamHttpResult> StreamAsync(
        RunFileQuery query, IRunExport runs, string mediaType, string fileName,
        Func<Stream, IReadOnlyList<FilterField>, IAsyncEnumerable<IReadOnlyList<object?>>, CancellationToken, Task> write, CancellationToken cancellationToken)
    {
        var search = query.ToSearch();
        IReadOnlyList<FilterField> columns = string.IsNullOrWhiteSpace(query.Columns) ? s_columns : Columns(query.Columns);
        var rows = runs.RowsAsync(search, columns, cancellationToken).GetAsyncEnumerator(cancellationToken);
        // The first rows are fetched before the answer begins: a fault of the search can then still be told.
        var any = await rows.MoveNextAsync();
        return TypedResults.Stream(body => write(body, columns, Rest(rows, any), cancellationToken), mediaType, fileName);
    }

    private static async IAsyncEnumerable<IReadOnlyList<object?>> Rest(IAsyncEnumerator<IReadOnlyList<object?>> rows, bool any)
    {
        await using (rows)
        {
            for (; any; any = await rows.MoveNextAsync()) yield return rows.Current;
        }
    }

    private static IReadOnlyList<FilterField> Columns(string text)
    {
        try
        {
            return FilterParser.ParseFields(text);
        }
        catch (FilterException e)
        {
            throw new SpecificationException([new("columns", e.Message)]);
        }
    }
}
