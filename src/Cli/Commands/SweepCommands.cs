using System.CommandLine;
using System.Text.Json;
using Tracker.Cli.Api;
using Tracker.Cli.Output;

namespace Tracker.Cli.Commands;

/// <summary>Sweeps.</summary>
internal static class SweepCommands
{
    public static Command Create(Shell shell)
    {
        var sweep = new Command("sweep", "Submit, list and steer sweeps.") { Submit(shell), List(shell), Show(shell) };
        foreach (var verb in Verbs.Create(shell, "sweep")) sweep.Subcommands.Add(verb);
        return sweep;
    }

    private static Command Submit(Shell shell)
    {
        var file = new Argument<string>("file") { Description = "A sweep specification in JSON; - reads standard input." };
        var dry = new Option<bool>("--dry-run") { Description = "Submit nothing; show the plan." };
        var watch = new Option<bool>("--watch", "-w") { Description = "Watch the sweep until all of its runs are over." };
        var key = new Option<string?>("--key") { Description = "A text by which the server knows this submission again: said twice, it makes one sweep. Made up when left out.", HelpName = "KEY" };
        key.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && (result.Tokens[0].Value.Length is < 1 or > 255 || result.Tokens[0].Value.Any(c => c is <= ' ' or > '~')))
                result.AddError("Expected --key of 1 to 255 visible ASCII characters.");
        });
        return shell.Command("submit", "Submit a sweep, and print its id.", [file, dry, watch, key], async (session, cancellationToken) =>
        {
            var specification = await ReadAsync(session.Around, session.Get(file), cancellationToken);
            if (session.Get(dry))
            {
                var plan = await SendAsync(session.Api, "sweeps?dryRun=true", specification, null, cancellationToken);
                if (session.Printer.Json) session.Printer.Document(plan);
                else PlanText.Write(session.Printer, plan.Read<PlanReply>());
                return ExitCodes.Done;
            }
            var answer = await SendAsync(session.Api, "sweeps", specification, session.Get(key) ?? Guid.NewGuid().ToString("N"), cancellationToken);
            var sweep = answer.Read<SweepReply>();
            if (session.Printer.Json && session.Get(watch)) session.Printer.JsonLine(answer);
            else if (session.Printer.Json) session.Printer.Document(answer);
            else session.Printer.Line($"Submitted sweep {sweep.Id} ({Format.Plain(sweep.Name)}): {Format.Count(sweep.Counts?.Total ?? 0, "run")}, {new Uri(session.Server, $"sweeps/{sweep.Id}")}");
            return session.Get(watch) ? await WatchCommand.FollowAsync(session, sweep.Id, cancellationToken) : ExitCodes.Done;
        });
    }

    private static async Task<JsonElement> SendAsync(TrackerApi api, string path, string specification, string? key, CancellationToken cancellationToken) =>
        await api.SendAsync(HttpMethod.Post, path, specification, key, cancellationToken) ?? throw new CommandException("The submission was answered with nothing.", ExitCodes.Failed);

    private static async Task<string> ReadAsync(Surroundings around, string file, CancellationToken cancellationToken)
    {
        if (file == "-") return await around.In.ReadToEndAsync(cancellationToken);
        try
        {
            return await File.ReadAllTextAsync(file, cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(e.Message, ExitCodes.Usage, e);
        }
    }

    private static Command List(Shell shell)
    {
        var limit = new ListLimit();
        return shell.Command("list", "List sweeps, newest first.", limit.Options, async (session, cancellationToken) =>
        {
            var rows = new List<IReadOnlyList<Cell>>();
            await foreach (var item in session.Api.ItemsAsync("sweeps", limit.Of(session), cancellationToken))
            {
                if (session.Printer.Json) session.Printer.JsonLine(item);
                else rows.Add(Row(item.Read<SweepReply>()));
            }
            if (!session.Printer.Json)
                session.Printer.Table([Column.Number("Id"), "State", "Name", "Owner", Column.Number("Done"), "Runs", Column.Number("Left"), "Submitted"], rows);
        });
    }

    private static IReadOnlyList<Cell> Row(SweepReply s) =>
    [
        $"{s.Id}", Cell.State(s.State), s.Name, s.Owner, Format.Whole(s.Progress), s.Counts?.ToString(), s.EtaSeconds is null ? "" : Format.Duration(s.EtaSeconds),
        Format.Time(s.CreatedAt),
    ];

    private static Command Show(Shell shell)
    {
        var id = new Argument<long>("id") { Description = "Id of a sweep." };
        return shell.Command("show", "Show a sweep and its runs.", [id], async (session, cancellationToken) =>
        {
            var answer = await session.Api.GetAsync($"sweeps/{session.Get(id)}", cancellationToken);
            var runs = await session.Api.RunsOfAsync(session.Get(id), cancellationToken);
            if (session.Printer.Json)
            {
                session.Printer.Document(Json.Element(new { sweep = answer, runs }));
                return;
            }
            var s = answer.Read<SweepReply>();
            session.Printer.Facts(
                ("Sweep", $"{s.Id}"), ("Name", s.Name), ("State", s.State), ("Priority", s.Priority), ("Owner", s.Owner),
                ("Runs", $"{s.Counts}{(s.Reused > 0 ? $"; {s.Reused} trained before" : "")}"),
                ("Done", Format.Whole(s.Progress)), ("Left", s.EtaSeconds is null ? "" : Format.Duration(s.EtaSeconds)), ("Submitted", Format.Time(s.CreatedAt)),
                ("Finished", s.FinishedAt is null ? "" : Format.Time(s.FinishedAt)), ("Notes", s.Notes), ("Page", new Uri(session.Server, $"sweeps/{s.Id}").AbsoluteUri));
            session.Printer.Line();
            RunText.Table(session.Printer, runs.Read<IReadOnlyList<RunReply>>());
        });
    }
}
