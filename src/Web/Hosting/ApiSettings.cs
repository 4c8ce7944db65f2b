using System.Globalization;

namespace Tracker.Web.Hosting;

/// <summary>What programs may do with the server.</summary>
/// <param name="RateLimit">Requests a second of one token or session; 0 for any number. Four seconds of them may come at once.</param>
/// <param name="CorsOrigins">Sites whose pages may call the interface with a token.</param>
public sealed record ApiSettings(int RateLimit, IReadOnlyList<string> CorsOrigins)
{
    public const string RateLimitKey = "TRACKER_RATE_LIMIT";
    public const string CorsOriginsKey = "TRACKER_CORS_ORIGINS";

    /// <summary>Twenty programs that log a hundred batches a second each, under one token, stay below.</summary>
    public const int DefaultRateLimit = 2000;

    private const int MaxRateLimit = 1_000_000;

    public static ApiSettings Default { get; } = new(DefaultRateLimit, []);

    internal static ApiSettings Read(IConfiguration configuration, List<string> faults) =>
        new(ReadRateLimit(configuration[RateLimitKey], faults), ReadOrigins(configuration[CorsOriginsKey], faults));

    private static int ReadRateLimit(string? text, List<string> faults)
    {
        if (string.IsNullOrWhiteSpace(text)) return DefaultRateLimit;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit <= MaxRateLimit) return limit;
        faults.Add($"{RateLimitKey} is '{text}'. Expected a whole number of requests a second from 0 (no limit) to {MaxRateLimit}.");
        return DefaultRateLimit;
    }

    private static string[] ReadOrigins(string? text, List<string> faults)
    {
        var origins = (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        faults.AddRange(origins.Where(o => !IsOrigin(o)).Select(o =>
            $"{CorsOriginsKey} has '{o}'. Expected origins with commas between them, such as 'https://lab.example.org', without a path."));
        return origins;
    }

    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is ("http" or "https") && uri.GetLeftPart(UriPartial.Authority) == text;
}
