using System.CommandLine;
using Tracker.Cli.Api;
using Tracker.Cli.Output;

namespace Tracker.Cli.Commands;

/// <summary>Job hosts, and what waits for them.</summary>
internal static class ClusterCommands
{
    public static IEnumerable<Command> Create(Shell shell) => [Hosts(shell), Queue(shell)];

    private static Command Hosts(Shell shell)
    {
        var (drained, resumed) = (HostId(), HostId());
        return shell.Command(
            "hosts", "List job hosts.",
            [
                shell.Command("drain", "Have a host end what it trains, by a checkpoint, and take no more.", [drained], (session, token) => ActAsync(session, session.Get(drained), "drain", token)),
                shell.Command("resume", "Have a drained host take runs again.", [resumed], (session, token) => ActAsync(session, session.Get(resumed), "resume", token)),
            ],
            ListHostsAsync);
    }

    private static Argument<long> HostId() => new("id") { Description = "Id of a host." };

    private static async Task ActAsync(Session session, long id, string verb, CancellationToken cancellationToken)
    {
        await session.Api.PostAsync($"hosts/{id}/{verb}", cancellationToken);
        if (!session.Printer.Json) session.Printer.Line($"host {id}: done");
    }

    private static async Task ListHostsAsync(Session session, CancellationToken cancellationToken)
    {
        var answer = await session.Api.GetAsync("hosts", cancellationToken);
        if (session.Printer.Json)
        {
            session.Printer.Document(answer);
            return;
        }
        session.Printer.Table(
            [Column.Number("Id"), "Name", "State", Column.Number("Slots"), "Devices", "Trains", "Labels", "Heard of", "Version"],
            answer.Read<IReadOnlyList<HostReply>>().Select(h => (IReadOnlyList<Cell>)
            [
                $"{h.Id}", h.Name, Cell.State(h.State), $"{h.Devices.Sum(d => d.SlotsInUse)}/{h.Slots}",
                string.Join(", ", h.Devices.GroupBy(d => d.Model).Select(g => g.Count() == 1 ? g.Key : $"{g.Count()} × {g.Key}")),
                string.Join(", ", h.Runs.Select(r => r.Id)), string.Join(", ", h.Labels ?? []), Format.Time(h.HeartbeatAt), h.Version,
            ]));
    }

    private static Command Queue(Shell shell)
    {
        var limit = new Option<int>("--limit", "-n") { Description = "At most so many that wait, 1 to 500.", DefaultValueFactory = _ => 50 };
        var sweep = new Option<long?>("--sweep") { Description = "Those of this sweep alone." };
        return shell.Command("queue", "Show what trains, what waits, and why it waits.", [limit, sweep], async (session, cancellationToken) =>
        {
            var answer = await session.Api.GetAsync($"queue{Query.Of(("limit", session.Get(limit)), ("sweep", session.Get(sweep)))}", cancellationToken);
            if (session.Printer.Json)
            {
                session.Printer.Document(answer);
                return;
            }
            var queue = answer.Read<QueueReply>();
            if (queue.Active.Count > 0)
            {
                RunText.Table(session.Printer, queue.Active);
                session.Printer.Line();
            }
            session.Printer.Table(
                [Column.Number("Place"), Column.Number("Run"), "Title", "Owner", "Starts", "Takes", "Why"],
                queue.Entries.Select(e => (IReadOnlyList<Cell>)
                    [$"{e.Place}", $"{e.RunId}", e.Title, e.Owner, Format.Time(e.Starts?.Expected), Format.Duration(e.Duration?.Seconds), e.Explanation]));
            session.Printer.Line($"{queue.Active.Count} in training, {queue.Total} waiting{(queue.Entries.Count < queue.Total ? $", {queue.Entries.Count} shown" : "")}.");
        });
    }
}
