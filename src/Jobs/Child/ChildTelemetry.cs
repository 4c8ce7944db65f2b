using Microsoft.Extensions.Logging;
using Tracker.Telemetry;

namespace Tracker.Jobs.Child;

/// <summary>What a child exports, where that is configured: its metrics, and what it says, with its run and attempt.</summary>
internal sealed partial class ChildTelemetry : IDisposable
{
    /// <summary>No collector may keep a child from ending in the time that its host gives it.</summary>
    private static readonly TimeSpan s_farewell = TimeSpan.FromSeconds(2);

    private readonly Action<string> _say;
    private readonly IDisposable? _metrics;
    private readonly ILoggerFactory _logs;
    private readonly ILogger _logger;
    private readonly IDisposable? _scope;

    private ChildTelemetry(TelemetryTarget target, long runId, int attempt, Action<string> say)
    {
        _say = say;
        _metrics = TelemetryExport.StartMetrics(target, "Npgsql");
        _logs = LoggerFactory.Create(logging => logging.AddTelemetry(target));
        _logger = _logs.CreateLogger<ChildTelemetry>();
        _scope = Of(_logger, runId, attempt);
    }

    /// <summary>Begins to export.</summary>
    /// <param name="runId">The run that is trained.</param>
    /// <param name="attempt">Its attempt.</param>
    /// <param name="say">Standard error.</param>
    /// <returns><see langword="null"/> when nothing is to be exported.</returns>
    public static ChildTelemetry? Start(long runId, int attempt, Action<string> say)
    {
        // Children of one machine live side by side, and each counts from zero: the process id keeps their counts apart.
        var target = TelemetryTarget.Read("tracker-child", $"{Environment.MachineName}-{Environment.ProcessId}", Environment.GetEnvironmentVariable);
        return target.Any ? new(target, runId, attempt, say) : null;
    }

    /// <summary>Says something on standard error, and exports it.</summary>
    public void Say(string text)
    {
        _say(text);
        LogSaid(_logger, text);
    }

    /// <summary>Delivers what is left, as far as that goes quickly.</summary>
    public void Dispose()
    {
        _scope?.Dispose();
        Task.WaitAll([Task.Run(() => _metrics?.Dispose()), Task.Run(_logs.Dispose)], s_farewell);
    }

    private static readonly Func<ILogger, long, int, IDisposable?> Of = LoggerMessage.DefineScope<long, int>("Run {RunId}, attempt {Attempt}");

    [LoggerMessage(Level = LogLevel.Information, Message = "{Text}")]
    private static partial void LogSaid(ILogger logger, string text);
}
