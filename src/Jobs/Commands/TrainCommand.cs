using System.CommandLine;
using Tracker.Jobs.Child;
using Tracker.Jobs.Standalone;

namespace Tracker.Jobs.Commands;

/// <summary><c>train</c>: one run by itself from a file, or, as a host's child, one attempt of a run from the queue.</summary>
internal static class TrainCommand
{
    private static readonly Option<long> s_run = new("--run") { Description = "Id of the run; a job host tells its child.", Hidden = true };
    private static readonly Option<int> s_attempt = new("--attempt") { Description = "Number of the attempt.", Hidden = true };
    private static readonly Option<int> s_parent = new("--parent") { Description = "Process id of the job host.", Hidden = true };

    public static Command Create()
    {
        var command = new Command("train", $"Trains one run from a file, without any database. {StandaloneTraining.ExitCodeHelp}") { s_run, s_attempt, s_parent };
        StandaloneTraining.AddTo(command);
        command.SetAction((parsed, _) => parsed.GetResult(s_run) is null ? Task.Run(() => StandaloneTraining.Run(parsed)) : RunChildAsync(parsed));
        return command;
    }

    private static Task<int> RunChildAsync(ParseResult parsed) => ChildMain.RunAsync(
        parsed.GetRequiredValue(s_parent), parsed.GetRequiredValue(s_run), parsed.GetRequiredValue(s_attempt),
        parsed.GetValue<string>("--device") ?? "cpu", parsed.GetValue<int?>("--threads") ?? 1);
}
