namespace Tracker.Cli;

/// <summary>What the program's exit code says; docs/cli.md states them for scripts.</summary>
internal static class ExitCodes
{
    public const int Done = 0;

    /// <summary>The server refused for the present state, or a run that was watched did not succeed.</summary>
    public const int Failed = 1;

    /// <summary>The command line, a specification or a filter has faults.</summary>
    public const int Usage = 2;

    /// <summary>Not signed in, or not allowed.</summary>
    public const int Denied = 3;

    public const int NotFound = 4;

    /// <summary>The server is not reached or asks to come later.</summary>
    public const int Unavailable = 5;

    /// <summary>Ended by Ctrl-C or SIGTERM.</summary>
    public const int Interrupted = 130;
}

/// <summary>Why a command cannot do what it was asked, for people, and with which exit code it ends.</summary>
internal class CommandException(string message, int exitCode, Exception? inner = null) : Exception(message, inner)
{
    public int ExitCode => exitCode;
}
