using System.CommandLine;
using Tracker.Cli.Api;

namespace Tracker.Cli.Commands;

/// <summary>Points of metrics of many runs.</summary>
internal static class MetricsCommand
{
    public static Command Create(Shell shell)
    {
        var filter = new Option<string?>("--filter", "-f") { Description = "Of which runs, such as \"sweep = 7 and state = 'Succeeded'\"; all when left out." };
        var keys = new Option<string?>("--keys", "-k") { Description = "Which metrics, with commas between them; all when left out." };
        var format = new Option<string>("--format") { Description = "csv or jsonl.", DefaultValueFactory = _ => "csv" };
        format.AcceptOnlyFromAmong("csv", "jsonl");
        var output = new Option<string>("--output", "-o") { Description = "File to write to; - is standard output.", HelpName = "FILE", DefaultValueFactory = _ => Download.ToOutput };
        var export = shell.Command("export", "Write every point of the metrics of runs into a file, of any size.", [filter, keys, format, output], async (session, cancellationToken) =>
        {
            var query = Query.Of(("filter", session.Get(filter)), ("keys", session.Get(keys)));
            var name = $"metrics.{session.Get(format)}";
            var (file, bytes) = await Download.SaveAsync(session, name + query, session.Get(output), name, null, cancellationToken);
            DownloadCommand.Tell(session, file, bytes);
        });
        return new Command("metrics", "Points of metrics.") { export };
    }
}
