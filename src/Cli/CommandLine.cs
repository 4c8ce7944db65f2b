using System.CommandLine;
using System.CommandLine.Invocation;
using Tracker.Cli.Commands;

namespace Tracker.Cli;

/// <summary>The commands and how they are invoked.</summary>
internal static class CommandLine
{
    /// <summary>How long a command may take to end when it is asked to.</summary>
    private static readonly TimeSpan s_farewell = TimeSpan.FromSeconds(5);

    public static RootCommand Create(Surroundings around)
    {
        var shell = new Shell(around);
        var root = new RootCommand("The tracker from a terminal and from scripts: submits and watches sweeps, lists runs, prints tables, downloads. "
            + "Exit codes: 0 done, 1 failed, 2 bad command line or specification, 3 not signed in or not allowed, 4 not found, 5 server not reached, 130 interrupted.");
        shell.Globals.AddTo(root);
        foreach (var command in (IEnumerable<Command>)
        [
            .. AccountCommands.Create(shell), SweepCommands.Create(shell), RunCommands.Create(shell), WatchCommand.Create(shell), .. ResultCommands.Create(shell),
            MetricsCommand.Create(shell), .. ClusterCommands.Create(shell), BinCommands.Create(shell), TokenCommands.Create(shell), CompletionCommand.Create(shell),
        ]) root.Subcommands.Add(command);
        return root;
    }

    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, Surroundings around, CancellationToken cancellationToken = default)
    {
        // A filter may begin with an at sign: no argument names a file with more arguments.
        var parsed = Create(around).Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        var isMistaken = parsed.Action is ParseErrorAction;
        if (parsed.Action is ParseErrorAction mistake) mistake.ShowHelp = false;
        var code = await parsed.InvokeAsync(
            new InvocationConfiguration { Output = isMistaken ? around.Error : around.Out, Error = around.Error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = s_farewell },
            cancellationToken);
        if (!isMistaken) return code;
        await around.Error.WriteLineAsync($"'tracker-cli {string.Concat(Names(parsed.CommandResult))}--help' tells more.");
        return ExitCodes.Usage;
    }

    private static IEnumerable<string> Names(System.CommandLine.Parsing.SymbolResult? result) =>
        result is System.CommandLine.Parsing.CommandResult { Command: not RootCommand } command ? Names(command.Parent).Append(command.Command.Name + " ") : [];
}
