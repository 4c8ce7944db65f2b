using System.Globalization;
using Npgsql;
using Tracker.Telemetry;
using Tracker.Web.Webhooks;

namespace Tracker.Web.Hosting;

/// <summary>What the web process is told from outside.</summary>
/// <param name="Database">Npgsql connection string.</param>
/// <param name="DataDirectory">Full path of the folder for what must outlive the process.</param>
/// <param name="AdminPassword">Password of the first admin, used at the first start.</param>
/// <param name="AdminToken">A token that is accepted for the first admin, for scripts.</param>
/// <param name="JsonLog">Whether the log is one JSON object a line.</param>
public sealed record Settings(string Database, string DataDirectory, string? AdminPassword, string? AdminToken, bool JsonLog = false)
{
    /// <summary>Sign-in and proxies.</summary>
    public AccessSettings Access { get; init; } = new(AccessSettings.DefaultSignInsPerMinute, [], null);

    public const string MaxArtifactKey = "TRACKER_MAX_ARTIFACT";

    /// <summary>The largest artifact that is taken, in bytes.</summary>
    public long MaxArtifact { get; init; } = 5L << 30;

    /// <summary>What programs may do.</summary>
    public ApiSettings Api { get; init; } = ApiSettings.Default;

    public const string DatabaseKey = "TRACKER_DB";
    public const string DataKey = "TRACKER_DATA";
    public const string AdminPasswordKey = "TRACKER_ADMIN_PASSWORD";
    public const string AdminTokenKey = "TRACKER_ADMIN_TOKEN";
    public const int MinAdminTokenLength = 16;
    public const int MinPasswordLength = 10;

    /// <summary>Where webhooks may be sent.</summary>
    public WebhookAddresses Webhooks { get; init; } = WebhookAddresses.PublicOnly;

    public const string PublicUrlKey = "TRACKER_PUBLIC_URL";

    /// <summary>By which address people reach the server; <see langword="null"/> where nobody has said.</summary>
    public Uri? PublicUrl { get; init; }

    /// <summary>Reads and checks all settings.</summary>
    /// <exception cref="StartupException">Some are wrong; the message lists every fault.</exception>
    public static Settings Read(IConfiguration configuration)
    {
        var faults = new List<string>();
        var database = ReadDatabase(configuration, faults);
        var data = ReadDataDirectory(configuration, faults);
        var password = ReadSecret(configuration, AdminPasswordKey, MinPasswordLength, faults);
        var token = ReadSecret(configuration, AdminTokenKey, MinAdminTokenLength, faults);
        var json = ConsoleLog.IsJson(ConsoleLog.Variable, configuration[ConsoleLog.Variable], out var logFault);
        if (logFault is not null) faults.Add(logFault);
        var webhooks = WebhookAddresses.Parse(configuration[WebhookAddresses.Key], faults);
        var publicUrl = ReadPublicUrl(configuration[PublicUrlKey], faults);
        var maxArtifact = ReadBytes(configuration, MaxArtifactKey, 5L << 30, faults);
        var api = ApiSettings.Read(configuration, faults);
        faults.AddRange(ListenAddresses.Faults(configuration));
        var access = AccessSettings.Read(configuration, faults);
        return faults.Count == 0
            ? new(database, data, password, token, json) { Access = access, MaxArtifact = maxArtifact, Webhooks = webhooks, Api = api, PublicUrl = publicUrl }
            : throw new StartupException("The settings have faults:" + string.Concat(faults.Select(f => $"{Environment.NewLine}  {f}")));
    }

    private static string ReadDatabase(IConfiguration configuration, List<string> faults)
    {
        const string example = "Expected a connection string such as 'Host=localhost;Port=5432;Database=tracker;Username=tracker;Password=…'.";
        var text = configuration[DatabaseKey];
        if (string.IsNullOrWhiteSpace(text))
        {
            faults.Add($"{DatabaseKey} is not set. {example}");
            return "";
        }
        try
        {
            var parsed = new NpgsqlConnectionStringBuilder(text);
            if (string.IsNullOrWhiteSpace(parsed.Host)) faults.Add($"{DatabaseKey} names no Host. {example}");
            if (string.IsNullOrWhiteSpace(parsed.Database)) faults.Add($"{DatabaseKey} names no Database. {example}");
        }
        catch (Exception e) when (e is ArgumentException or FormatException or KeyNotFoundException)
        {
            // The text may hold a password, so only the parser's complaint is shown.
            faults.Add($"{DatabaseKey} is no connection string: {e.Message} {example}");
        }
        return text;
    }

    private static string ReadDataDirectory(IConfiguration configuration, List<string> faults)
    {
        var text = configuration[DataKey];
        if (string.IsNullOrWhiteSpace(text))
        {
            faults.Add($"{DataKey} is not set. Expected a folder for what must outlive the process, such as '/var/lib/tracker'.");
            return "";
        }
        var path = Path.GetFullPath(text);
        try
        {
            Directory.CreateDirectory(path);
            var probe = Path.Combine(path, $".probe-{Environment.ProcessId}");
            File.WriteAllBytes(probe, []);
            File.Delete(probe);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            faults.Add($"{DataKey} is '{text}', where nothing can be written: {e.Message}");
        }
        return path;
    }

    private static long ReadBytes(IConfiguration configuration, string key, long usual, List<string> faults)
    {
        var text = configuration[key];
        if (string.IsNullOrWhiteSpace(text)) return usual;
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) && bytes > 0) return bytes;
        faults.Add($"{key} is '{text}'. Expected a number of bytes, such as {usual}.");
        return usual;
    }

    private static Uri? ReadPublicUrl(string? text, List<string> faults)
    {
        if (string.IsNullOrWhiteSpace(text)) return null;
        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is ("http" or "https") && url.Query.Length == 0 && url.Fragment.Length == 0 && url.UserInfo.Length == 0) return url;
        faults.Add($"{PublicUrlKey} is '{text}'. Expected the address by which the server is reached, such as 'https://tracker.example.org'.");
        return null;
    }

    private static string? ReadSecret(IConfiguration configuration, string key, int minLength, List<string> faults)
    {
        var text = configuration[key];
        if (string.IsNullOrEmpty(text)) return null;
        if (text.Length < minLength) faults.Add($"{key} has {text.Length} characters. Expected at least {minLength}.");
        return text;
    }
}
