using System.Globalization;
using Npgsql;
using Tracker.Domain;
using Tracker.Jobs.Devices;
using Tracker.Telemetry;

namespace Tracker.Jobs.Configuration;

/// <summary>What the command line says, as it was written; what is <see langword="null"/> was not.</summary>
internal sealed record HostArguments(
    string? Name = null, string? Slots = null, string? CpuSlots = null, string? CudaSlots = null, string? Data = null, string? Threads = null, string? Wait = null,
    string? CheckpointSeconds = null, string? Downloads = null, string? Log = null, string? Labels = null);

/// <summary>The settings of a job host, all of them valid.</summary>
/// <param name="Name">The host's name.</param>
/// <param name="ConnectionString">Where Postgres is.</param>
/// <param name="DataDirectory">Absolute path of the data directory, which exists.</param>
/// <param name="Slots">How many runs at once.</param>
/// <param name="Wait">How long to wait for Postgres at the start.</param>
/// <param name="CheckpointInterval">Time between two checkpoints of a run.</param>
/// <param name="Downloads">Whether a run may download its data set when it is missing.</param>
/// <param name="JsonLog">Whether the log is one JSON object a line.</param>
internal sealed record HostSettings(
    string Name, string ConnectionString, string DataDirectory, SlotWishes Slots, TimeSpan Wait, TimeSpan CheckpointInterval, bool Downloads = true,
    bool JsonLog = false)
{
    public const string LabelsVariable = "TRACKER_LABELS";
    public const string DatabaseVariable = "TRACKER_DB";
    public const string DataVariable = "TRACKER_DATA";
    public const string DefaultData = ".tracker";
    public const string DownloadsVariable = "TRACKER_DOWNLOADS";
    private const string Allow = "allow";
    private const string Forbid = "forbid";
    private const int LongestName = 100;
    private const int DefaultWaitSeconds = 10;
    private const int DefaultCheckpointSeconds = 15;

    /// <summary>What runs may ask for.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>Reads settings from command line and environment.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="environment">Reads a variable.</param>
    /// <param name="faults">Every fault, each with key, value and what is allowed.</param>
    /// <returns>The settings, or <see langword="null"/> when there are faults.</returns>
    public static HostSettings? Read(HostArguments arguments, Func<string, string?> environment, out IReadOnlyList<string> faults)
    {
        var found = new List<string>();
        var name = NameOf(arguments.Name, found);
        var connection = ConnectionOf(environment(DatabaseVariable), found);
        var slots = new SlotWishes(
            Whole("--slots", arguments.Slots, 1, 256, found), Whole("--cpu-slots", arguments.CpuSlots, 0, 256, found),
            Whole("--cuda-slots", arguments.CudaSlots, 0, 64, found), Whole("--threads", arguments.Threads, 1, 1024, found));
        if (arguments.Slots is not null && (arguments.CpuSlots ?? arguments.CudaSlots) is not null)
            found.Add($"--slots '{arguments.Slots}': not together with --cpu-slots or --cuda-slots; say either the one or the others.");
        if (slots is { CpuSlots: 0, CudaSlots: 0 }) found.Add("--cpu-slots '0' and --cuda-slots '0': at least one must be above 0, else the host would never take a run.");
        var wait = Whole("--wait", arguments.Wait, 0, 86_400, found) ?? DefaultWaitSeconds;
        var checkpoints = Whole("--checkpoint-seconds", arguments.CheckpointSeconds, 0, 86_400, found) ?? DefaultCheckpointSeconds;
        var downloads = DownloadsOf(arguments.Downloads, environment(DownloadsVariable), found);
        var data = DataOf(arguments.Data, environment(DataVariable), found);
        var (logKey, log) = arguments.Log is not null ? ("--log", arguments.Log) : (ConsoleLog.Variable, environment(ConsoleLog.Variable));
        var json = ConsoleLog.IsJson(logKey, log, out var logFault);
        if (logFault is not null) found.Add(logFault);
        var labels = LabelsOf(arguments.Labels, environment(LabelsVariable), found);
        faults = found;
        return found.Count > 0 ? null : new(name, connection, data, slots, TimeSpan.FromSeconds(wait), TimeSpan.FromSeconds(checkpoints), downloads, json) { Labels = labels };
    }

    private static string[] LabelsOf(string? argument, string? variable, List<string> faults)
    {
        var (key, given) = argument is not null ? ("--labels", argument) : (LabelsVariable, variable ?? "");
        var labels = given.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (labels.Length > HostLabels.Most || !labels.All(HostLabels.IsLabel) || labels.Distinct(StringComparer.Ordinal).Count() < labels.Length)
            faults.Add($"{key} '{given}': {char.ToLowerInvariant(HostLabels.Rule[0])}{HostLabels.Rule[1..].TrimEnd('.')}, separated by commas.");
        return labels;
    }

    private static string NameOf(string? given, List<string> faults)
    {
        var name = given ?? Environment.MachineName;
        if (name.Trim().Length is 0 or > LongestName || name.Any(c => char.IsControl(c) || c == '/') || name.Trim() is "." or "..")
            faults.Add($"--name '{name}': expected 1 to {LongestName} characters, without '/' and control characters, and not '.' or '..'.");
        return name.Trim();
    }

    /// <summary>The value is never repeated in a fault: it may hold a password.</summary>
    private static string ConnectionOf(string? given, List<string> faults)
    {
        const string Example = "an Npgsql connection string such as 'Host=127.0.0.1;Port=5432;Database=tracker;Username=tracker'";
        if (string.IsNullOrWhiteSpace(given))
        {
            faults.Add($"{DatabaseVariable} is not set: expected {Example}.");
            return "";
        }
        try
        {
            var builder = new NpgsqlConnectionStringBuilder(given);
            if (string.IsNullOrWhiteSpace(builder.Host)) faults.Add($"{DatabaseVariable} names no host: expected {Example}.");
            return given;
        }
        catch (Exception e) when (e is ArgumentException or FormatException or KeyNotFoundException)
        {
            faults.Add($"{DatabaseVariable} cannot be read ({e.Message.ReplaceLineEndings(" ")}): expected {Example}.");
            return "";
        }
    }

    private static string DataOf(string? argument, string? variable, List<string> faults)
    {
        var (key, given) = argument is not null ? ("--data", argument) : (DataVariable, string.IsNullOrWhiteSpace(variable) ? DefaultData : variable);
        try
        {
            var path = Path.GetFullPath(given);
            Directory.CreateDirectory(path);
            var probe = Path.Combine(path, $".write-{Guid.NewGuid():N}");
            File.WriteAllBytes(probe, []);
            File.Delete(probe);
            return path;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            faults.Add($"{key} '{given}': expected a directory that can be written ({e.Message}).");
            return "";
        }
    }

    private static bool DownloadsOf(string? argument, string? variable, List<string> faults)
    {
        var (key, given) = argument is not null ? ("--downloads", argument) : (DownloadsVariable, string.IsNullOrWhiteSpace(variable) ? Allow : variable);
        if (given is not (Allow or Forbid)) faults.Add($"{key} '{given}': expected {Allow} or {Forbid}.");
        return given == Allow;
    }

    private static int? Whole(string key, string? given, int least, int most, List<string> faults)
    {
        if (given is null) return null;
        if (int.TryParse(given, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most) return value;
        faults.Add($"{key} '{given}': expected a whole number from {least} to {most}.");
        return null;
    }
}
