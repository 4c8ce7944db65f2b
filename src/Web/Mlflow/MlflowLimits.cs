using System.Text;
using Tracker.Storage;

namespace Tracker.Web.Mlflow;

/// <summary>How much a request may hold, as MLflow has it.</summary>
internal static class MlflowLimits
{
    public const int Metrics = 1000;
    public const int Parameters = 100;
    public const int Tags = 100;
    public const int Entities = 1000;
    public const int Key = 250;
    public const int ParameterValue = 6000;
    public const int TagValue = 8000;
    public const int ExperimentTagValue = 5000;
    public const int Name = 500;
    public const int SearchResults = 50_000;
    public const int HistoryPoints = 25_000;

    /// <summary>The last millisecond of the calendar.</summary>
    private const long LastMillisecond = 253_402_300_799_999;

    /// <summary>Whole numbers up to here are exact in every client.</summary>
    private const long LastStep = (1L << 53) - 1;

    /// <summary>Checks the name of a metric, parameter or tag.</summary>
    public static void CheckKey(string kind, string key)
    {
        if (key.Length == 0) throw MlflowException.Missing($"{kind}.key");
        if (key.Length > Key) throw MlflowException.Invalid($"The name of a {kind} has at most {Key} characters; this one has {key.Length}: '{MlflowRequest.Short(key)}'.");
        if (!key.All(c => char.IsLetterOrDigit(c) || c is '_' or '/' or '.' or '-' or ' ' or ':'))
            throw MlflowException.Invalid($"Invalid {kind} name '{key}': names consist of letters, digits, underscores, dashes, periods, spaces, colons and slashes.");
        if (key.StartsWith("..", StringComparison.Ordinal) || key.Split('/') is var parts && (parts.Length > 1 || parts[0] == ".") && parts.Any(p => p is "" or "." or ".."))
            throw MlflowException.Invalid($"Invalid {kind} name '{key}': it does not begin or end with a slash and has no empty part, '.' or '..' in it.");
        if (key.StartsWith(LoggedTags.DatasetPrefix, StringComparison.Ordinal))
            throw MlflowException.Invalid($"Invalid {kind} name '{key}': names that begin with '{LoggedTags.DatasetPrefix}' are the server's own.");
    }

    public static void CheckParameter(string key, string value)
    {
        CheckKey("param", key);
        if (value.Length > ParameterValue) throw TooLong("param", key, value, ParameterValue);
    }

    public static void CheckTag(string key, string value)
    {
        CheckKey("tag", key);
        if (value.Length > TagValue) throw TooLong("tag", key, value, TagValue);
    }

    /// <summary>Checks a point, and its name unless it is among those that were checked before.</summary>
    private static void CheckMetric(LoggedMetric metric, HashSet<string> names)
    {
        if (names.Add(metric.Key)) CheckKey("metric", metric.Key);
        CheckTime("timestamp", metric.Timestamp);
        if (metric.Step is < -LastStep or > LastStep) throw MlflowRequest.Bad($"{metric.Step}", "step");
    }

    /// <summary>Checks milliseconds since 1970.</summary>
    public static long CheckTime(string name, long milliseconds) => milliseconds is >= 0 and <= LastMillisecond ? milliseconds : throw MlflowRequest.Bad($"{milliseconds}", name);

    /// <summary>Checks how many a page may have.</summary>
    public static int CheckResults(long? asked, int usual, int most) => asked switch
    {
        null => usual,
        < 1 => throw MlflowException.Invalid($"Invalid value {asked} for parameter 'max_results' supplied. It must be at least 1, but got value {asked}."),
        _ when asked > most => throw MlflowException.Invalid($"Invalid value {asked} for parameter 'max_results' supplied. It must be at most {most}, but got value {asked}."),
        _ => (int)asked,
    };

    /// <summary>Checks a whole batch.</summary>
    public static void Check(LoggedBatch batch)
    {
        Count("metrics", batch.Metrics.Count, Metrics);
        Count("params", batch.Parameters.Count, Parameters);
        Count("tags", batch.Tags.Count, Tags);
        Count("metrics, params and tags", batch.Metrics.Count + batch.Parameters.Count + batch.Tags.Count, Entities);
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var metric in batch.Metrics) CheckMetric(metric, names);
        foreach (var (key, value) in batch.Parameters) CheckParameter(key, value);
        foreach (var (key, value) in batch.Tags) CheckTag(key, value);
        if (batch.Parameters.GroupBy(p => p.Key, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw MlflowException.Invalid($"Duplicate parameter keys have been submitted: '{twice.Key}'. A request has each key once.");
    }

    private static void Count(string what, int found, int most)
    {
        if (found > most) throw MlflowException.Invalid($"A batch logging request can contain at most {most} {what}. Got {found}. Split them up.");
    }

    private static MlflowException TooLong(string kind, string key, string value, int most) =>
        MlflowException.Invalid($"The value of {kind} '{key}' has {value.Length} characters ({Encoding.UTF8.GetByteCount(value)} bytes); at most {most} characters are kept.");
}
