using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Unicode;
using Tracker.Storage;

namespace Tracker.Web.Mlflow;

/// <summary>The points of metrics for MLflow's clients and pages.</summary>
internal static class HistoryCalls
{
    private const int MostRuns = 100;
    private const int MostBuckets = 2500;

    /// <summary>No point that is kept lies farther away, in steps or milliseconds.</summary>
    private const long Farthest = 1L << 53;

    /// <summary>A bucket is told by its smallest, its largest and its last value.</summary>
    private const int PointsOfBucket = 3;

    private const string StepsMark = "steps";

    public static async Task OfRunAsync(MlflowCall call)
    {
        var (text, id) = call.RunId();
        var key = call.Request.Required("metric_key");
        var limit = Math.Min(MlflowLimits.CheckResults(call.Request.Whole("max_results"), MlflowLimits.HistoryPoints, int.MaxValue), MlflowLimits.HistoryPoints);
        var after = call.Request.Text("page_token") is { Length: > 0 } token ? Decode(token, key) : (HistoryPlace?)null;
        var history = await call.Runs.HistoryAsync(id, key, after, limit, call.Aborted) ?? throw MlflowException.NoRun(text);
        await MlflowAnswer.WriteAsync(call.Context, json =>
        {
            json.WriteStartArray("metrics"u8);
            foreach (var point in history.Points) RunJson.WriteMetric(json, point);
            json.WriteEndArray();
            if (history.Next is { } next) json.WriteString("next_page_token"u8, Encode(next));
        });
    }

    public static async Task OfRunsAsync(MlflowCall call)
    {
        var key = call.Request.Required("metric_key");
        var left = Math.Min(MlflowLimits.CheckResults(call.Request.Whole("max_results"), MlflowLimits.HistoryPoints, int.MaxValue), MlflowLimits.HistoryPoints);
        var found = new List<(long Run, LoggedMetric Point)>();
        foreach (var (text, id) in Runs(call, "run_id"))
        {
            if (left == found.Count) break;
            var history = await call.Runs.HistoryAsync(id, key, null, left - found.Count, call.Aborted) ?? throw MlflowException.NoRun(text);
            found.AddRange(history.Points.Select(p => (id, p)));
        }
        await MlflowAnswer.WriteAsync(call.Context, json =>
        {
            json.WriteStartArray("metrics"u8);
            foreach (var (run, point) in found) RunJson.WriteMetric(json, point, run);
            json.WriteEndArray();
        });
    }

    /// <summary>A stretch of series in at most so many points each, so that none of their peaks is lost.</summary>
    public static async Task BucketsAsync(MlflowCall call)
    {
        var request = call.Request;
        var key = request.Required("metric_key");
        var most = MlflowLimits.CheckResults(request.Whole("max_results"), MostBuckets, MostBuckets);
        var runs = Runs(call, "run_ids").Select(r => r.Id).ToList();
        var (start, end) = (request.Whole("start_step"), request.Whole("end_step"));
        if (start > end) throw MlflowException.Invalid($"end_step must be at least start_step; found start_step={start} and end_step={end}.");
        var metrics = call.Get<IMetrics>();
        var query = new SeriesQuery(runs, [key], most, MetricAxis.Step) { From = start, To = end };
        var series = await metrics.SeriesAsync(query, call.Aborted);
        // Only where points share buckets is there more than one value to tell of each.
        if (series.Any(s => s.Buckets.Count < s.Points)) series = await metrics.SeriesAsync(query with { MaxPoints = Math.Max(1, most / PointsOfBucket) }, call.Aborted);
        await MlflowAnswer.WriteAsync(call.Context, json =>
        {
            json.WriteStartArray("metrics"u8);
            foreach (var one in series)
            {
                foreach (var (step, value) in one.Buckets.Where(b => !(b.Step < start) && !(b.Step > end)).SelectMany(Values))
                {
                    json.WriteStartObject();
                    json.WriteString("key"u8, key);
                    RunJson.WriteValue(json, value);
                    json.WriteNumber("step"u8, step);
                    json.WriteString("run_id"u8, MlflowIds.Run(one.RunId));
                    json.WriteEndObject();
                }
            }
            json.WriteEndArray();
        });
    }

    private static IEnumerable<(long Step, double Value)> Values(MetricBucket bucket)
    {
        if (bucket.Min < bucket.Max && !bucket.Min.Equals(bucket.Last)) yield return (bucket.Step, bucket.Min);
        if (bucket.Min < bucket.Max && !bucket.Max.Equals(bucket.Last)) yield return (bucket.Step, bucket.Max);
        yield return (bucket.Step, bucket.Last);
    }

    private static List<(string Text, long Id)> Runs(MlflowCall call, string name)
    {
        var texts = call.Request.Texts(name);
        if (texts.Count == 0) throw MlflowException.Missing(name);
        if (texts.Count > MostRuns) throw MlflowException.Invalid($"GetMetricHistoryBulk request must specify at most {MostRuns} {name}s. Received {texts.Count} {name}s.");
        return [.. texts.Distinct(StringComparer.Ordinal).Select(t => (t, MlflowIds.Run(t) ?? throw MlflowException.NoRun(t)))];
    }

    /// <summary>The last point of a page, and whether pages go by steps.</summary>
    private static string Encode(HistoryPlace last) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(
        string.Create(CultureInfo.InvariantCulture, $"{last.Point.Timestamp} {last.Point.Step} {BitConverter.DoubleToInt64Bits(last.Point.Value)}{(last.BySteps ? $" {StepsMark}" : "")}")));

    private static HistoryPlace Decode(string token, string key)
    {
        if (token.Length < 200 && Base64Url.IsValid(token) && Base64Url.DecodeFromChars(token) is var bytes && Utf8.IsValid(bytes)
            && Encoding.UTF8.GetString(bytes).Split(' ') is [var time, var step, var value, .. ([] or [StepsMark])] parts
            && Whole(time) is { } timestamp and >= -Farthest and <= Farthest && Whole(step) is { } at and >= -Farthest and <= Farthest && Whole(value) is { } bits)
            return new(new(key, BitConverter.Int64BitsToDouble(bits), timestamp, at), parts.Length > 3);
        throw MlflowException.Invalid("Invalid page_token: pass the one of the page before, unchanged.");
    }

    private static long? Whole(string text) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? whole : null;
}
