using System.CommandLine;
using System.Text.Json;
using Tracker.Cli.Api;
using Tracker.Cli.Output;

namespace Tracker.Cli.Commands;

/// <summary>Runs.</summary>
internal static class RunCommands
{
    public static Command Create(Shell shell)
    {
        var run = new Command("run", "List, show, steer and download runs.") { List(shell), Show(shell), LogCommand.Create(shell), DownloadCommand.Create(shell) };
        foreach (var verb in Verbs.Create(shell, "run")) run.Subcommands.Add(verb);
        return run;
    }

    private static Command List(Shell shell)
    {
        var filter = new Option<string?>("--filter", "-f") { Description = "Such as \"network = 'f1' and batch >= 1024\"; the language is described in docs/filters.md." };
        var sort = new Option<string?>("--sort", "-s") { Description = "A field, with a minus sign before it for largest first, such as --sort=-accuracy; newest first when left out." };
        var sweep = new Option<long?>("--sweep") { Description = "Runs of this sweep." };
        var columns = new Option<string?>("--columns", "-c") { Description = "Fields to show with commas between them, such as id,batch,accuracy,metrics.train/loss: any that filters know." };
        var limit = new ListLimit();
        return shell.Command("list", "List runs.", [filter, sort, sweep, columns, .. limit.Options], (session, cancellationToken) =>
        {
            var query = Query.Of(("filter", session.Get(filter)), ("sort", session.Get(sort)), ("sweep", session.Get(sweep)), ("columns", session.Get(columns)));
            return session.Get(columns) is null ? RunsAsync(session, query, limit.Of(session), cancellationToken) : ColumnsAsync(session, query, limit.Of(session), cancellationToken);
        });
    }

    private static async Task RunsAsync(Session session, string query, int? limit, CancellationToken cancellationToken)
    {
        var runs = new List<RunReply>();
        await foreach (var item in session.Api.ItemsAsync($"runs{query}", limit, cancellationToken))
        {
            if (session.Printer.Json) session.Printer.JsonLine(item);
            else runs.Add(item.Read<RunReply>());
        }
        if (!session.Printer.Json) RunText.Table(session.Printer, runs);
    }

    /// <summary>The file of runs holds what columns ask for; reading ends where there is enough of it.</summary>
    private static async Task ColumnsAsync(Session session, string query, int? limit, CancellationToken cancellationToken)
    {
        using var response = await session.Api.OpenAsync($"runs.jsonl{query}", cancellationToken);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken));
        var rows = new List<JsonElement>();
        for (var left = limit ?? int.MaxValue; left > 0 && await lines.ReadLineAsync(cancellationToken) is { } line; left--)
        {
            var row = JsonElement.Parse(line);
            if (session.Printer.Json) session.Printer.JsonLine(row);
            else rows.Add(row);
        }
        if (session.Printer.Json) return;
        var names = rows.Count > 0 ? rows[0].EnumerateObject().Select(p => p.Name).ToList() : [];
        session.Printer.Table(
            [.. names.Select(n => new Column(n, Right: rows.Any(r => r.GetProperty(n).ValueKind == JsonValueKind.Number)))],
            rows.Select(r => (IReadOnlyList<Cell>)[.. r.EnumerateObject().Select(p => Value(p.Name, p.Value))]));
    }

    private static Cell Value(string column, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => Format.Nothing,
        JsonValueKind.Array => string.Join("; ", value.EnumerateArray()),
        _ when column == "state" => Cell.State(value.ToString()),
        _ => value.ToString(),
    };

    private static Command Show(Shell shell)
    {
        var id = new Argument<long>("id") { Description = "Id of a run." };
        return shell.Command("show", "Show a run.", [id], async (session, cancellationToken) =>
        {
            var answer = await session.Api.GetAsync($"runs/{session.Get(id)}", cancellationToken);
            if (session.Printer.Json) session.Printer.Document(answer);
            else RunText.Facts(session.Printer, answer.Read<RunReply>(), new Uri(session.Server, $"runs/{session.Get(id)}"));
        });
    }
}
