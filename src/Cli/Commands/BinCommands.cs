using System.CommandLine;
using Tracker.Cli.Api;
using Tracker.Cli.Output;

namespace Tracker.Cli.Commands;

/// <summary>What was deleted and can be restored.</summary>
internal static class BinCommands
{
    public static Command Create(Shell shell) => new("bin", "See what was deleted and can be restored, and empty it.") { List(shell), Empty(shell) };

    private static Command List(Shell shell)
    {
        var limit = new ListLimit();
        return shell.Command("list", "List the recycle bin, latest first.", limit.Options, async (session, cancellationToken) =>
        {
            var rows = new List<IReadOnlyList<Cell>>();
            await foreach (var item in session.Api.ItemsAsync("bin", limit.Of(session), cancellationToken))
            {
                if (session.Printer.Json) session.Printer.JsonLine(item);
                else rows.Add(Row(item.Read<BinReply>()));
            }
            if (!session.Printer.Json) session.Printer.Table(["Kind", Column.Number("Id"), "Name", "Owner", "Deleted", "By", Column.Number("Runs"), Column.Number("Size"), "Goes"], rows);
        });
    }

    private static IReadOnlyList<Cell> Row(BinReply b) =>
    [
        b.Kind.ToLowerInvariant(), $"{b.Id}", b.Name, b.Owner, Format.Time(b.DeletedAt), b.DeletedBy, $"{b.Runs}", Format.Bytes(b.Bytes), b.PurgeAt is null ? "never" : Format.Time(b.PurgeAt),
    ];

    private static Command Empty(Shell shell)
    {
        var yes = new Option<bool>("--yes", "-y") { Description = "Do not ask." };
        return shell.Command("empty", "Have everything in the recycle bin go for good. For admins.", [yes], async (session, cancellationToken) =>
        {
            if (!session.Get(yes)) session.Confirm("Empty the recycle bin for good?");
            var answer = await session.Api.SendAsync(HttpMethod.Delete, "bin", null, null, cancellationToken);
            if (answer is not { } document) return;
            if (session.Printer.Json) session.Printer.Document(document);
            else session.Printer.Line($"{document.GetProperty("items").GetInt32()} runs and sweeps gone.");
        });
    }
}
