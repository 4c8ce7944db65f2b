using System.CommandLine;
using Tracker.Cli.Api;
using Tracker.Cli.Output;

namespace Tracker.Cli.Commands;

/// <summary>A run's log, whole, its end, or as it grows.</summary>
internal static class LogCommand
{
    private const int MostLines = 10_000;
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    public static Command Create(Shell shell)
    {
        var id = new Argument<long>("id") { Description = "Id of a run." };
        var follow = new Option<bool>("--follow", "-f") { Description = "Go on until the run is over." };
        var tail = new Option<int?>("--tail", "-n") { Description = $"The last lines alone; 1 to {MostLines}. 10 with --follow.", HelpName = "LINES" };
        tail.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out var lines) && lines is < 1 or > MostLines) result.AddError($"Expected --tail from 1 to {MostLines}.");
        });
        return shell.Command("log", "Print a run's log: all of it, its end, or what is added from now on.", [id, follow, tail], (session, cancellationToken) =>
            session.Get(follow) || session.Get(tail) is not null || session.Printer.Json
                ? LinesAsync(session, session.Get(id), session.Get(follow), session.Get(tail) ?? (session.Get(follow) ? 10 : MostLines), cancellationToken)
                : AllAsync(session, session.Get(id), cancellationToken));
    }

    private static async Task AllAsync(Session session, long id, CancellationToken cancellationToken)
    {
        using var response = await session.Api.OpenAsync($"runs/{id}/log.txt", cancellationToken);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken));
        while (await lines.ReadLineAsync(cancellationToken) is { } line) session.Printer.Line(Format.Plain(line));
    }

    private static async Task LinesAsync(Session session, long id, bool follow, int lines, CancellationToken cancellationToken)
    {
        string? cursor = null;
        while (true)
        {
            // The state first: lines that a run writes before it ends are there when its end is seen.
            var isOver = !follow || (await session.Api.GetAsync($"runs/{id}", cancellationToken)).Read<RunReply>().IsOver;
            var answer = await session.Api.GetAsync($"runs/{id}/log{Query.Of(("limit", cursor is null ? lines : MostLines), ("cursor", cursor))}", cancellationToken);
            var log = answer.Read<LogReply>();
            for (var i = 0; i < log.Lines.Count; i++)
            {
                var line = log.Lines[i];
                if (session.Printer.Json) session.Printer.JsonLine(answer.GetProperty("lines")[i]);
                else session.Printer.Line($"{line.At.UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffZ} {line.Attempt} {line.Level.ToLowerInvariant()} {Format.Plain(line.Text)}");
            }
            await session.Around.Out.FlushAsync(cancellationToken);
            cursor = log.NextCursor ?? cursor;
            if (isOver && (!follow || log.Lines.Count < MostLines)) return;
            if (!isOver) await Task.Delay(s_pause, session.Around.Clock, cancellationToken);
        }
    }
}
