using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Tracker.Cli.Configuration;
using Tracker.Web.Tests;

[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]

namespace Tracker.Cli.Tests;

/// <summary>What a command left behind.</summary>
internal sealed record Outcome(int Code, string Output, string Error)
{
    public IReadOnlyList<string> Lines => Output.TrimEnd('\n').Split('\n');
}

/// <summary>The command line in this process, with its own settings folder: use it as a class fixture with the web process.</summary>
public sealed class CliApp : IAsyncLifetime
{
    /// <summary>Where the web process of the tests seems to be.</summary>
    internal const string Url = "http://localhost/";

    internal string Settings { get; } = Directory.CreateTempSubdirectory("tracker-cli-").FullName;

    public TrackerApp App { get; } = new();

    public async ValueTask InitializeAsync() => await App.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        Directory.Delete(Settings, recursive: true);
    }

    /// <summary>Runs a command as the admin.</summary>
    internal Task<Outcome> RunAsync(params IReadOnlyList<string> arguments) => RunAsync(new CliCall(), arguments);

    internal async Task<Outcome> RunAsync(CliCall call, params IReadOnlyList<string> arguments)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var environment = call.Environment ?? new() { [ServerChoice.UrlKey] = Url, [ServerChoice.TokenKey] = TrackerApp.AdminToken };
        environment.TryAdd("XDG_CONFIG_HOME", Settings);
        using var binary = new MemoryStream();
        var around = new Surroundings
        {
            In = new StringReader(call.Input), Out = TextWriter.Synchronized(output), Error = TextWriter.Synchronized(error), OpenOutput = () => new KeptStream(binary),
            Variable = environment.GetValueOrDefault, Network = call.Network ?? Server, ReadSecret = () => call.Secret ?? throw new InvalidOperationException("No secret is asked for."),
            InputIsTerminal = call.Terminal, OutputIsTerminal = call.Terminal, Size = () => (120, 40),
        };
        var code = await CommandLine.RunAsync(arguments, around, call.CancellationToken).WaitAsync(TrackerApp.Patience);
        return new(code, output.ToString() + System.Text.Encoding.UTF8.GetString(binary.ToArray()), error.ToString());
    }

    /// <summary>A connection to the web process of the tests.</summary>
    private HttpMessageHandler Server() => ((TestServer)App.Services.GetRequiredService<IServer>()).CreateHandler();

    /// <summary>Standard output stays open whatever a command does with it.</summary>
    private sealed class KeptStream(MemoryStream target) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => target.Write(buffer, offset, count);
    }
}

/// <summary>What a command finds around it, where that is not the usual.</summary>
internal sealed record CliCall
{
    public string Input { get; init; } = "";

    public string? Secret { get; init; }

    public bool Terminal { get; init; }

    public Dictionary<string, string>? Environment { get; init; }

    public Func<HttpMessageHandler>? Network { get; init; }

    public CancellationToken CancellationToken { get; init; }
}
