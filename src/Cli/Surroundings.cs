using System.Net;
using System.Text;

namespace Tracker.Cli;

/// <summary>What a command finds around it: terminal, environment, network and clock.</summary>
internal sealed class Surroundings
{
    public required TextReader In { get; init; }

    public required TextWriter Out { get; init; }

    public required TextWriter Error { get; init; }

    /// <summary>Standard output for what is no text.</summary>
    public required Func<Stream> OpenOutput { get; init; }

    public required Func<string, string?> Variable { get; init; }

    public required Func<HttpMessageHandler> Network { get; init; }

    /// <summary>Reads a line that is not shown; only asked where a terminal is the input.</summary>
    public required Func<string> ReadSecret { get; init; }

    public bool InputIsTerminal { get; init; }

    public bool OutputIsTerminal { get; init; }

    /// <summary>Width and height of the terminal.</summary>
    public Func<(int Width, int Height)> Size { get; init; } = () => (80, 25);

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    public static Surroundings OfProcess() => new()
    {
        In = Console.In,
        Out = Console.Out,
        Error = Console.Error,
        OpenOutput = Console.OpenStandardOutput,
        Variable = Environment.GetEnvironmentVariable,
        // A redirect is followed nowhere: it would carry the token to an address that nobody chose.
        Network = () => new SocketsHttpHandler
        {
            AllowAutoRedirect = false, AutomaticDecompression = DecompressionMethods.All, ConnectTimeout = TimeSpan.FromSeconds(10), UseCookies = false,
        },
        ReadSecret = ReadKeys,
        InputIsTerminal = !Console.IsInputRedirected,
        OutputIsTerminal = !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("TERM") != "dumb",
        Size = () => (Math.Max(20, Console.WindowWidth), Math.Max(5, Console.WindowHeight)),
    };

    private static string ReadKeys()
    {
        var text = new StringBuilder();
        while (Console.ReadKey(intercept: true) is var key && key.Key != ConsoleKey.Enter)
        {
            if (key.Key == ConsoleKey.Backspace) text.Length = Math.Max(0, text.Length - 1);
            else if (!char.IsControl(key.KeyChar)) text.Append(key.KeyChar);
        }
        return text.ToString();
    }
}
