using System.Text.Json;
using Tracker.Domain;
using Tracker.Storage;

namespace Tracker.Web.Mlflow;

/// <summary>Searches of runs for MLflow's clients.</summary>
internal static class RunSearchCalls
{
    private const int UsualPage = 1000;

    /// <summary>Runs that are read while those before them are written and sent.</summary>
    private const int Piece = 250;

    public static async Task SearchAsync(MlflowCall call)
    {
        var request = call.Request;
        var limit = MlflowLimits.CheckResults(request.Whole("max_results"), UsualPage, MlflowLimits.SearchResults);
        var orders = Orders(request.Texts("order_by"));
        var experiments = request.Texts("experiment_ids").Select(MlflowIds.Experiment).OfType<long>().Distinct().ToList();
        var search = new RunSearch
        {
            Filter = request.Text("filter") ?? "", Within = Of(experiments), Presence = View(request, "run_view_type"), Order = orders[0], Then = orders[1..],
            Limit = limit, Cursor = request.Text("page_token") is { Length: > 0 } token ? token : null,
        };
        // A fault of the filter is told also where no experiment is asked for.
        if (experiments.Count == 0) FilterParser.Parse(search.Filter);
        var page = experiments.Count == 0 ? new RunIdPage([], null) : await call.Get<IRunSearch>().IdPageAsync(search, call.Aborted);
        if (page.Ids.Count > Piece)
        {
            await WriteAsync(call, page);
            return;
        }
        var runs = await call.Runs.FindAsync(page.Ids, call.Aborted);
        await MlflowAnswer.WriteAsync(call.Context, json => Write(json, runs, page.Next));
    }

    private static async Task WriteAsync(MlflowCall call, RunIdPage page)
    {
        var pieces = new Queue<long[]>(page.Ids.Chunk(Piece));
        // Before anything is written: a fault is still answered as one.
        var runs = await call.Runs.FindAsync(pieces.Dequeue(), call.Aborted);
        await using var writer = MlflowAnswer.Begin(call.Context);
        writer.WriteStartObject();
        writer.WriteStartArray("runs"u8);
        while (true)
        {
            var next = pieces.TryDequeue(out var ids) ? call.Runs.FindAsync(ids, call.Aborted) : null;
            try
            {
                foreach (var run in runs) RunJson.WriteRun(writer, run);
                await writer.FlushAsync(call.Aborted);
                await call.Context.Response.BodyWriter.FlushAsync(call.Aborted);
            }
            catch when (next is not null)
            {
                // The client has gone. Reading ahead ends likewise, and nobody asks how.
                await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                throw;
            }
            if (next is null) break;
            runs = await next;
        }
        writer.WriteEndArray();
        if (page.Next is not null) writer.WriteString("next_page_token"u8, page.Next);
        writer.WriteEndObject();
    }

    /// <summary>What of the recycle bin is listed, by name or number.</summary>
    public static Presence View(MlflowRequest request, string field) => request.Text(field) switch
    {
        null or "" or "ACTIVE_ONLY" or "1" => Presence.Active,
        "DELETED_ONLY" or "2" => Presence.Deleted,
        "ALL" or "3" => Presence.All,
        var type => throw MlflowRequest.Bad(type, field),
    };

    /// <summary>What is asked for, then the newest, then by id, as MLflow has it; a field twice is a fault there.</summary>
    private static List<RunOrder> Orders(IReadOnlyList<string> asked)
    {
        var orders = asked.Select(FilterParser.ParseOrder).ToList();
        if (orders.GroupBy(o => o.Field).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new FilterException($"'{twice.Key.Name}' is there twice.", 0) { Part = FilterPart.Order };
        var all = orders.Select(o => new RunOrder(o.Field.Name, o.Descending) { AsText = true }).ToList();
        if (orders.All(o => o.Field.Key != "start_time")) all.Add(new("start_time", true));
        all.Add(new("run_id", false));
        return all;
    }

    private static FilterMembership Of(List<long> experiments) =>
        new FilterMembership(FilterParser.ParseField("sweep"), [.. experiments.Select(e => new FilterNumber(e))], Negated: false);

    private static void Write(Utf8JsonWriter json, IReadOnlyList<LoggedRun> runs, string? next)
    {
        json.WriteStartArray("runs"u8);
        foreach (var run in runs) RunJson.WriteRun(json, run);
        json.WriteEndArray();
        if (next is not null) json.WriteString("next_page_token"u8, next);
    }
}
