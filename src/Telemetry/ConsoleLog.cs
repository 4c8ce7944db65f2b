using Microsoft.Extensions.Logging;

namespace Tracker.Telemetry;

/// <summary>How a process writes its log on standard output: lines for people, or one JSON object a line with all fields.</summary>
public static class ConsoleLog
{
    public const string Variable = "TRACKER_LOG";
    public const string Text = "text";
    public const string Json = "json";

    /// <summary>Whether the log is JSON.</summary>
    /// <param name="key">Where the value was given.</param>
    /// <param name="value">What was given, if anything.</param>
    /// <param name="fault">What is wrong with it, if anything.</param>
    public static bool IsJson(string key, string? value, out string? fault)
    {
        fault = value is null or "" or Text or Json ? null : $"{key} '{value}': expected {Text} or {Json}.";
        return value == Json;
    }

    /// <summary>Adds the console in one of its two forms.</summary>
    public static ILoggingBuilder AddConsoleLog(this ILoggingBuilder logging, bool json) => json
        ? logging.AddJsonConsole(o =>
        {
            o.IncludeScopes = true;
            o.UseUtcTimestamp = true;
            o.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
        })
        : logging.AddSimpleConsole(o =>
        {
            o.SingleLine = true;
            o.UseUtcTimestamp = true;
            o.TimestampFormat = "yyyy-MM-dd HH:mm:ss'Z' ";
        });
}
