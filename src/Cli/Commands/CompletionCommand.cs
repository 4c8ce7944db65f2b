using System.CommandLine;

namespace Tracker.Cli.Commands;

/// <summary>Scripts by which shells complete command lines; each asks the program itself what fits.</summary>
internal static class CompletionCommand
{
    private const string Bash = """
        _tracker_cli() {
          local IFS=$'\n' word=${COMP_WORDS[COMP_CWORD]}
          mapfile -t COMPREPLY < <(compgen -W "$(tracker-cli "[suggest:$COMP_POINT]" "$COMP_LINE" 2>/dev/null)" -- "$word")
        }
        complete -o default -F _tracker_cli tracker-cli
        """;

    private const string Zsh = """
        #compdef tracker-cli
        _tracker_cli() {
          local -a found
          found=("${(@f)$(tracker-cli "[suggest:$CURSOR]" "$BUFFER" 2>/dev/null)}")
          compadd -a found
          _files
        }
        compdef _tracker_cli tracker-cli
        """;

    private const string Fish = """
        complete -c tracker-cli -a '(tracker-cli "[suggest:"(commandline -C)"]" (commandline) 2>/dev/null)'
        """;

    public static Command Create(Shell shell)
    {
        var kind = new Argument<string>("shell") { Description = "bash, zsh or fish." };
        kind.AcceptOnlyFromAmong("bash", "zsh", "fish");
        return shell.Command("completion", "Print a script that completes command lines: source <(tracker-cli completion bash).", [kind], (session, _) =>
        {
            session.Printer.Line(session.Get(kind) switch { "bash" => Bash, "zsh" => Zsh, _ => Fish });
            return Task.CompletedTask;
        });
    }
}
