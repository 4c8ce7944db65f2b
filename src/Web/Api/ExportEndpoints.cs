using Microsoft.AspNetCore.Http.HttpResults;
using Tracker.Domain;
using Tracker.Storage;

namespace Tracker.Web.Api;

/// <summary>Runs and metrics as files, of any size.</summary>
public static class ExportEndpoints
{
    private const string Csv = "text/csv";
    private const string JsonLines = "application/jsonl";
    private const int MostColumns = 200;

    /// <summary>What files hold when they are not told: names, settings, results and times.</summary>
    private static readonly FilterField[] s_columns =
    [
        .. ((string[])[
            "id", "name", "sweep", "sweep.name", "state", "network", "dataset", "method", "batch", "small_batch", "ghost_batch", "seed", "epochs", "train_examples",
            "learning_rate", "weight_decay", "momentum", "variant", "accuracy", "final_accuracy", "best_accuracy", "final_loss", "samples_per_second", "train_seconds",
            "progress", "owner", "host", "device", "created", "started", "finished", "tags", "notes", "failure"]).Select(n => FilterFields.Find(n)!),
    ];

    public static void MapExports(this RouteGroupBuilder api)
    {
        var files = api.MapGroup("").Invalid().With(429).AddEndpointFilter(ExportGate.EnterAsync);
        files.MapGet("/runs.csv", RunsCsvAsync).WithTags("Runs").Produces<string>(200, Csv);
        files.MapGet("/runs.jsonl", RunsJsonLinesAsync).WithTags("Runs").Produces<string>(200, JsonLines);
        files.MapGet("/metrics.csv", MetricsCsvAsync).WithTags("Metrics").Produces<string>(200, Csv);
        files.MapGet("/metrics.jsonl", MetricsJsonLinesAsync).WithTags("Metrics").Produces<string>(200, JsonLines);
    }

    /// <summary>Read runs as CSV</summary>
    /// <remarks>
    /// All runs that match, with a heading, streamed as they are at one moment; a connection that breaks off means that rows are missing. A text
    /// that a spreadsheet would take for a formula has an apostrophe before it. Two files at a time for each user.
    /// </remarks>
    public static Task<PushStreamHttpResult> RunsCsvAsync([AsParameters] RunFileQuery query, IExports exports, HttpContext context) =>
        StreamAsync(exports.RunsAsync(query.ToSearch(), Columns(query.Columns), ExportFormat.Csv, context.RequestAborted), Csv, "runs.csv", context);

    /// <summary>Read runs as lines of JSON</summary>
    /// <remarks>
    /// All runs that match, an object a line, streamed as they are at one moment; a connection that breaks off means that lines are missing. What
    /// a run lacks, and numbers that JSON lacks, are null. Two files at a time for each user.
    /// </remarks>
    public static Task<PushStreamHttpResult> RunsJsonLinesAsync([AsParameters] RunFileQuery query, IExports exports, HttpContext context) =>
        StreamAsync(exports.RunsAsync(query.ToSearch(), Columns(query.Columns), ExportFormat.JsonLines, context.RequestAborted), JsonLines, "runs.jsonl", context);

    /// <summary>Read points of metrics as CSV</summary>
    /// <remarks>
    /// Every point of all runs that match, by run, metric and step: run_id, metric, step, epoch, wall_ms (active milliseconds since the run started)
    /// and value, which may be NaN, Infinity or -Infinity. Runs that programs outside report may have several points at a step. Streamed as it
    /// is at one moment; a connection that breaks off means that rows are missing. Two files at a time for each user.
    /// </remarks>
    public static Task<PushStreamHttpResult> MetricsCsvAsync([AsParameters] MetricFileQuery query, IExports exports, HttpContext context) =>
        StreamAsync(exports.MetricsAsync(query.ToSearch(), query.Metrics, ExportFormat.Csv, context.RequestAborted), Csv, "metrics.csv", context);

    /// <summary>Read points of metrics as lines of JSON</summary>
    /// <remarks>
    /// Every point of all runs that match, an object a line, by run, metric and step: run_id, metric, step, epoch, wall_ms (active milliseconds
    /// since the run started) and value, null for one that is no finite number. Streamed as it is at one moment; a connection that breaks off
    /// means that lines are missing. Two files at a time for each user.
    /// </remarks>
    public static Task<PushStreamHttpResult> MetricsJsonLinesAsync([AsParameters] MetricFileQuery query, IExports exports, HttpContext context) =>
        StreamAsync(exports.MetricsAsync(query.ToSearch(), query.Metrics, ExportFormat.JsonLines, context.RequestAborted), JsonLines, "metrics.jsonl", context);

    private static async Task<PushStreamHttpResult> StreamAsync(Task<IExportedFile> preparation, string mediaType, string fileName, HttpContext context)
    {
        // The search is over before the answer begins: a fault of it can then still be told.
        var file = await preparation;
        context.Response.RegisterForDisposeAsync(file);
        return TypedResults.Stream(body => file.WriteAsync(body, context.RequestAborted), mediaType == Csv ? TextType.Utf8(Csv) : mediaType, fileName);
    }

    private static IReadOnlyList<FilterField> Columns(string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) return s_columns;
        try
        {
            var columns = FilterParser.ParseFields(text);
            new Checks().Require("columns", columns.Count <= MostColumns, $"Expected at most {MostColumns} fields, found {columns.Count}.").Throw();
            return columns;
        }
        catch (FilterException e)
        {
            throw new SpecificationException([new("columns", e.Message)]);
        }
    }
}
