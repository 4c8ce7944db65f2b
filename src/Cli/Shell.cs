using System.CommandLine;
using Tracker.Cli.Api;

namespace Tracker.Cli;

/// <summary>Gives commands their bodies, and turns what goes wrong in them into a line on standard error and an exit code.</summary>
internal sealed class Shell(Surroundings around)
{
    public Globals Globals { get; } = new();

    /// <summary>A command whose body tells its exit code.</summary>
    public Command Command(string name, string description, IEnumerable<Symbol> symbols, Func<Session, CancellationToken, Task<int>> body)
    {
        var command = new Command(name, description);
        foreach (var symbol in symbols)
        {
            switch (symbol)
            {
                case Argument argument: command.Arguments.Add(argument); break;
                case Option option: command.Options.Add(option); break;
                case Command below: command.Subcommands.Add(below); break;
                default: throw new ArgumentException($"A command has no {symbol.GetType()}.", nameof(symbols));
            }
        }
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed, body, cancellationToken));
        return command;
    }

    /// <summary>A command that is done when its body returns.</summary>
    public Command Command(string name, string description, IEnumerable<Symbol> symbols, Func<Session, CancellationToken, Task> body) =>
        Command(name, description, symbols, async (session, cancellationToken) =>
        {
            await body(session, cancellationToken);
            return ExitCodes.Done;
        });

    private async Task<int> RunAsync(ParseResult parsed, Func<Session, CancellationToken, Task<int>> body, CancellationToken cancellationToken)
    {
        using var session = new Session(around, Globals, parsed);
        try
        {
            return await body(session, cancellationToken);
        }
        catch (CommandException e)
        {
            return await TellAsync(e.Message, e.ExitCode);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return ExitCodes.Interrupted;
        }
        catch (Exception e) when (e is HttpRequestException or HttpIOException)
        {
            return await TellAsync(ApiException.NoAnswer(session.Server, e.GetBaseException().Message, e).Message, ExitCodes.Unavailable);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return await TellAsync(e.Message, ExitCodes.Failed);
        }
    }

    private async Task<int> TellAsync(string message, int exitCode)
    {
        await around.Error.WriteLineAsync($"tracker-cli: {message}");
        return exitCode;
    }
}
