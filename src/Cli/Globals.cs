using System.CommandLine;

namespace Tracker.Cli;

/// <summary>Options of every command.</summary>
internal sealed class Globals
{
    public Option<string?> Server { get; } = new("--server")
    {
        Description = "Address of the server, or the name of one that 'server list' shows (environment: TRACKER_URL).", Recursive = true, HelpName = "URL|NAME",
    };

    public Option<string?> Token { get; } = new("--token")
    {
        Description = "API token. Others on this machine see it in the list of processes: prefer login, or TRACKER_TOKEN.", Recursive = true, HelpName = "TOKEN",
    };

    public Option<bool> Json { get; } = new("--json") { Description = "Write results as JSON: one document, or one a line.", Recursive = true };

    public Option<bool> NoColor { get; } = new("--no-color") { Description = "No colours (environment: NO_COLOR).", Recursive = true };

    public Option<bool> Verbose { get; } = new("--verbose", "-v") { Description = "Tell of every request on standard error.", Recursive = true };

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[Server, Token, Json, NoColor, Verbose]) command.Options.Add(option);
    }
}
