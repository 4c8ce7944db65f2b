using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Tracker.Storage.Tests;

/// <summary>A line of a log.</summary>
internal sealed record LoggedLine(LogLevel Level, string Message, Exception? Exception);

/// <summary>Keeps what is logged.</summary>
internal sealed class RecordingLog : ILoggerProvider
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(40);
    private readonly Channel<LoggedLine> _lines = Channel.CreateUnbounded<LoggedLine>();

    /// <summary>Waits for the next line of a kind.</summary>
    public async Task<LoggedLine> NextAsync(Func<LoggedLine, bool> wanted)
    {
        using var limit = new CancellationTokenSource(s_limit);
        while (true)
            if (await _lines.Reader.ReadAsync(limit.Token) is var line && wanted(line)) return line;
    }

    public ILogger CreateLogger(string categoryName) => new Recorder(_lines.Writer);

    public void Dispose() => _lines.Writer.TryComplete();

    private sealed class Recorder(ChannelWriter<LoggedLine> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.TryWrite(new(logLevel, formatter(state, exception), exception));
    }
}
