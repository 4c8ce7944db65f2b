using System.CommandLine;
using System.Text.Json;
using Tracker.Cli.Api;
using Tracker.Cli.Output;

namespace Tracker.Cli.Commands;

/// <summary>Tables of results and leaderboards.</summary>
internal static class ResultCommands
{
    public static IEnumerable<Command> Create(Shell shell) => [Table(shell), Leaderboard(shell)];

    private static Command Table(Shell shell)
    {
        var number = new Argument<string>("number") { Description = "1 or 2." };
        number.AcceptOnlyFromAmong("1", "2");
        var sweep = new Option<long?>("--sweep") { Description = "With the runs of this sweep alone." };
        var format = TextFormat();
        return shell.Command("table", "Print a table of results: final validation accuracy of each technique.", [number, sweep, format], async (session, cancellationToken) =>
        {
            await WriteAsync(
                session, session.Get(format)!, $"tables/{session.Get(number)}", Query.Of(("sweep", session.Get(sweep))),
                answer => TableText.Write(session.Printer, answer.Read<TableReply>()), cancellationToken);
        });
    }

    private static Option<string> TextFormat()
    {
        var format = new Option<string>("--format") { Description = "text, csv, md, tex or json.", DefaultValueFactory = _ => "text" };
        format.AcceptOnlyFromAmong("text", "csv", "md", "tex", "json");
        return format;
    }

    /// <summary>Texts of the server go out as they are; of its document this program makes a text, or passes it on.</summary>
    private static async Task WriteAsync(Session session, string format, string path, string query, Action<JsonElement> write, CancellationToken cancellationToken)
    {
        if (format is not ("text" or "json") && !session.Printer.Json)
        {
            await Download.SaveAsync(session, $"{path}.{format}{query}", Download.ToOutput, "", null, cancellationToken);
            return;
        }
        var answer = await session.Api.GetAsync(path + query, cancellationToken);
        if (format == "json" || session.Printer.Json) session.Printer.Document(answer);
        else write(answer);
    }

    private static Command Leaderboard(Shell shell)
    {
        var network = new Option<string?>("--network") { Description = "Such as f1." };
        var dataset = new Option<string?>("--dataset") { Description = "Such as fashion-mnist." };
        var sort = new Option<string?>("--sort") { Description = "What to rank by, as the server's documentation of leaderboards says." };
        var method = new Option<string?>("--method") { Description = "This method alone." };
        var examples = new Option<int?>("--train-examples") { Description = "Trained on so many examples; the most common number when left out." };
        var format = TextFormat();
        return shell.Command(
            "leaderboard", "Rank what was trained on a network and a data set; without them, list what there is.", [network, dataset, sort, method, examples, format],
            (session, cancellationToken) => session.Get(network) is null && session.Get(dataset) is null
                ? BoardsAsync(session, cancellationToken)
                : WriteAsync(session, session.Get(format)!, "leaderboards", Query.Of(
                    ("network", session.Get(network)), ("dataset", session.Get(dataset)), ("sort", session.Get(sort)), ("method", session.Get(method)),
                    ("trainExamples", session.Get(examples))), answer => WriteRanking(session.Printer, answer.Read<LeaderboardReply>()), cancellationToken));
    }

    private static async Task BoardsAsync(Session session, CancellationToken cancellationToken)
    {
        var answer = await session.Api.GetAsync("leaderboards/boards", cancellationToken);
        if (session.Printer.Json) session.Printer.Document(answer);
        else session.Printer.Table(
            ["Network", "Data set", Column.Number("Runs")], answer.Read<IReadOnlyList<BoardReply>>().Select(b => (IReadOnlyList<Cell>)[b.Network, b.Dataset, $"{b.Runs}"]));
    }

    private static void WriteRanking(Printer printer, LeaderboardReply board) => printer.Table(
        [Column.Number("#"), "Method", Column.Number("Batch"), Column.Number("Ghost"), "Settings", Column.Number("Seeds"), Column.Number("Mean"), Column.Number("±"), Column.Number("Best"), Column.Number("vs baseline"), Column.Number("Training")],
        board.Rows.Select((r, i) => (IReadOnlyList<Cell>)
        [
            $"{i + 1}", r.Method, $"{r.Batch}", $"{r.GhostBatch}", r.Settings, $"{r.Seeds}", Format.Percent(r.Mean), r.Std is null ? "" : Format.Percent(r.Std), Format.Percent(r.Best),
            r.Comparison is { } c ? $"{c.Difference * 100:+0.00;-0.00} pp{(c.CorrectedP is { } p ? $" (p {p:0.###})" : "")}" : "", Format.Duration(r.TrainSeconds),
        ]));
}
