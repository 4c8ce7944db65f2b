using System.CommandLine;
using Tracker.Cli.Api;
using Tracker.Cli.Configuration;
using Tracker.Cli.Output;

namespace Tracker.Cli;

/// <summary>One invocation: what was asked, where it goes, and how the answer is written.</summary>
internal sealed class Session(Surroundings around, Globals globals, ParseResult parsed) : IDisposable
{
    private readonly Lazy<ServerChoice> _choice = new(() =>
    {
        var file = CredentialFile.Of(around.Variable);
        if (file.IsOpenToOthers) around.Error.WriteLine($"tracker-cli: others can read {file.Path}, which holds tokens; 'chmod 600' it.");
        return ServerChoice.Make(parsed.GetValue(globals.Server), parsed.GetValue(globals.Token), around.Variable, file.Load());
    });

    /// <summary>A shorter pause is not worth a line.</summary>
    private static readonly TimeSpan s_longPause = TimeSpan.FromSeconds(3);
    private TrackerApi? _api;

    public Surroundings Around => around;

    public Printer Printer { get; } = new(
        around, parsed.GetValue(globals.Json), color: !parsed.GetValue(globals.NoColor) && string.IsNullOrEmpty(around.Variable("NO_COLOR")));

    /// <summary>The server that is asked.</summary>
    public Uri Server => _choice.Value.Url;

    /// <summary>The server's REST interface, with the token that belongs to it.</summary>
    /// <exception cref="CommandException">There is no token for it.</exception>
    public TrackerApi Api => _api ??= Connect(_choice.Value.Url, _choice.Value.Token
        ?? throw new CommandException($"Not signed in to {_choice.Value.Url}. 'tracker-cli login' signs in; {ServerChoice.TokenKey} does for scripts.", ExitCodes.Denied));

    public string? GivenServer => parsed.GetValue(globals.Server);

    public string? GivenToken => parsed.GetValue(globals.Token);

    public T? Get<T>(Option<T> option) => parsed.GetValue(option);

    public T Get<T>(Argument<T> argument) => parsed.GetValue(argument)!;

    public TrackerApi Connect(Uri server, string token) => new(server, token, around.Network(), around.Clock, TellRetry, IsVerbose ? Note : null);

    /// <summary>Asks before something that cannot be taken back.</summary>
    /// <exception cref="CommandException">Nobody is there to ask, or the answer is no.</exception>
    public void Confirm(string question)
    {
        if (!around.InputIsTerminal) throw new CommandException($"{question} Nobody is here to ask: say --yes.", ExitCodes.Usage);
        around.Error.Write($"{question} [y/N] ");
        if (around.In.ReadLine()?.Trim().ToUpperInvariant() is not ("Y" or "YES")) throw new CommandException("Nothing was changed.", ExitCodes.Failed);
    }

    public void Dispose() => _api?.Dispose();

    private bool IsVerbose => parsed.GetValue(globals.Verbose);

    private void TellRetry(string text, TimeSpan pause)
    {
        if (IsVerbose || pause >= s_longPause) Note(text);
    }

    private void Note(string text) => Printer.Note($"tracker-cli: {text}");
}
