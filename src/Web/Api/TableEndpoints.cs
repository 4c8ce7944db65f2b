using Microsoft.AspNetCore.Http.HttpResults;
using Tracker.Storage;
using Tracker.Web.Tables;

namespace Tracker.Web.Api;

/// <summary>The paper's tables over REST.</summary>
public static class TableEndpoints
{
    private const string Csv = "text/csv";
    private const string Markdown = "text/markdown";
    private const string Latex = "application/x-tex";

    public static void MapTables(this RouteGroupBuilder api)
    {
        var tables = api.MapGroup("/tables").WithTags("Tables").Missing().Invalid().Costs(Cost.Reading);
        tables.MapGet("/{number:int}", NegotiateAsync).Produces<TableResource>(200, "application/json", Csv, Markdown, Latex);
        tables.MapGet("/{number:int}.json", JsonAsync);
        tables.MapGet("/{number:int}.csv", CsvAsync).Produces<string>(200, Csv);
        tables.MapGet("/{number:int}.md", MarkdownAsync).Produces<string>(200, Markdown);
        tables.MapGet("/{number:int}.tex", LatexAsync).Produces<string>(200, Latex);
    }

    /// <summary>Read a table</summary>
    /// <remarks>Table 1 or 2 of the paper from finished runs: JSON, or what Accept asks for (text/csv, text/markdown, application/x-tex).</remarks>
    /// <param name="sweep">Only the runs that this sweep shows.</param>
    public static async Task<Results<Ok<TableResource>, ContentHttpResult, ProblemHttpResult>> NegotiateAsync(
        int number, HttpRequest request, ITables tables, ISweeps sweeps, CancellationToken cancellationToken, long? sweep = null)
    {
        if (await ReadAsync(number, sweep, tables, sweeps, cancellationToken) is not { } table) return Missing(number, sweep);
        foreach (var accept in request.GetTypedHeaders().Accept.OrderByDescending(a => a.Quality ?? 1))
        {
            switch (accept.MediaType.Value)
            {
                case Csv: return TypedResults.Text(TableText.Csv(table), TextType.Utf8(Csv));
                case Markdown: return TypedResults.Text(TableText.Markdown(table), TextType.Utf8(Markdown));
                case Latex: return TypedResults.Text(TableText.Latex(table), TextType.Utf8(Latex));
                case "application/json": return TypedResults.Ok(TableResource.From(table));
            }
        }
        return TypedResults.Ok(TableResource.From(table));
    }

    /// <summary>Read a table as JSON</summary>
    /// <remarks>Table 1 or 2 of the paper from finished runs, whatever Accept says.</remarks>
    /// <param name="sweep">Only the runs that this sweep shows.</param>
    public static async Task<Results<Ok<TableResource>, ProblemHttpResult>> JsonAsync(
        int number, ITables tables, ISweeps sweeps, CancellationToken cancellationToken, long? sweep = null) =>
        await ReadAsync(number, sweep, tables, sweeps, cancellationToken) is { } table ? TypedResults.Ok(TableResource.From(table)) : Missing(number, sweep);

    /// <summary>Read a table as CSV</summary>
    /// <remarks>Table 1 or 2 of the paper from finished runs, whatever Accept says.</remarks>
    /// <param name="sweep">Only the runs that this sweep shows.</param>
    public static Task<Results<ContentHttpResult, ProblemHttpResult>> CsvAsync(
        int number, ITables tables, ISweeps sweeps, CancellationToken cancellationToken, long? sweep = null) =>
        TextAsync(number, sweep, TableText.Csv, Csv, tables, sweeps, cancellationToken);

    /// <summary>Read a table as Markdown</summary>
    /// <remarks>Table 1 or 2 of the paper from finished runs, whatever Accept says.</remarks>
    /// <param name="sweep">Only the runs that this sweep shows.</param>
    public static Task<Results<ContentHttpResult, ProblemHttpResult>> MarkdownAsync(
        int number, ITables tables, ISweeps sweeps, CancellationToken cancellationToken, long? sweep = null) =>
        TextAsync(number, sweep, TableText.Markdown, Markdown, tables, sweeps, cancellationToken);

    /// <summary>Read a table as LaTeX</summary>
    /// <remarks>Table 1 or 2 of the paper from finished runs, whatever Accept says.</remarks>
    /// <param name="sweep">Only the runs that this sweep shows.</param>
    public static Task<Results<ContentHttpResult, ProblemHttpResult>> LatexAsync(
        int number, ITables tables, ISweeps sweeps, CancellationToken cancellationToken, long? sweep = null) =>
        TextAsync(number, sweep, TableText.Latex, Latex, tables, sweeps, cancellationToken);

    private static async Task<Results<ContentHttpResult, ProblemHttpResult>> TextAsync(
        int number, long? sweep, Func<ResultTable, string> write, string mediaType, ITables tables, ISweeps sweeps, CancellationToken cancellationToken) =>
        await ReadAsync(number, sweep, tables, sweeps, cancellationToken) is { } table ? TypedResults.Text(write(table), TextType.Utf8(mediaType)) : Missing(number, sweep);

    private static async Task<ResultTable?> ReadAsync(int number, long? sweep, ITables tables, ISweeps sweeps, CancellationToken cancellationToken)
    {
        if (!IsTable(number) || (sweep is { } id && await sweeps.FindAsync(id, cancellationToken) is null)) return null;
        return await tables.ReadAsync(number, sweep, cancellationToken);
    }

    private static bool IsTable(int number) => number is 1 or 2;

    private static ProblemHttpResult Missing(int number, long? sweep) =>
        IsTable(number) ? Problem.NotFound("sweep", sweep!) : Problem.NotFound("table", $"{number}; there are 1 and 2");
}
