using System.Globalization;
using Tracker.Domain;
using Tracker.Storage;
using Tracker.Web.Formatting;

namespace Tracker.Web.Views.Grid;

/// <summary>The columns that the grid of runs offers.</summary>
public static class RunColumns
{
    /// <summary>Before the name of a metric.</summary>
    public const string MetricPrefix = "metrics.";

    private const string RunGroup = "Run";
    private const string SettingGroup = "Setting";
    private const string ResultGroup = "Result";
    private const string MetricGroup = "Metric";

    /// <summary>The first one, which is always shown: the run itself.</summary>
    public static readonly RunColumn Id = new("id", "Run", RunGroup, 5.5) { Sort = "id", Number = true, LargestFirst = true };

    /// <summary>Every column but metrics, in the order in which they are offered.</summary>
    public static readonly IReadOnlyList<RunColumn> Fixed =
    [
        Id,
        Text("sweep", "Sweep", RunGroup, 14) with { Sort = "sweep.name" },
        Text("state", "State", RunGroup, 8),
        Text("host", "Host", RunGroup, 7, run => run.HostName),
        Text("device", "Device", RunGroup, 6, run => run.Device),
        Text("device_class", "Kind of device", RunGroup, 7, run => Titles.Device(run.DeviceClass)),
        Text("priority", "Priority", RunGroup, 6, run => run.Priority.ToString()),
        Number("attempt", "Attempt", RunGroup, 5, run => run.Attempt),
        Text("tags", "Tags", RunGroup, 11) with { Sort = null },
        Text("notes", "Notes", RunGroup, 13),
        Text("failure_reason", "Why it failed", RunGroup, 17),
        Time("created", "Created"),
        Time("started", "Started"),
        Time("finished", "Finished"),

        Text("network", "Network", SettingGroup, 6, run => run.Spec.NetworkTitle()),
        Text("dataset", "Data set", SettingGroup, 7.5, run => run.Spec.DatasetTitle()),
        Text("technique", "Technique", SettingGroup, 6.5),
        Text("method", "Method", SettingGroup, 8, run => run.Spec.Method.ToString()),
        Number("batch", "Batch", SettingGroup, 5, run => run.Spec.Batch),
        Number("small_batch", "Small batch", SettingGroup, 6.5, run => run.Spec.SmallBatch),
        Number("ghost_batch", "Ghost batch", SettingGroup, 6.5, run => run.Spec.GhostBatch),
        Number("seed", "Seed", SettingGroup, 4.25, run => run.Spec.Seed) with { LargestFirst = false },
        Number("epochs", "Epochs", SettingGroup, 5, run => run.Spec.Epochs),
        Number("train_examples", "Training images", SettingGroup, 8, run => run.Spec.TrainExamples),
        Setting("learning_rate", "Learning rate", 7.5, run => run.Spec.Parameters.LearningRate),
        Setting("weight_decay", "Weight decay", 7, run => run.Spec.Parameters.WeightDecay),
        Setting("momentum", "Momentum", 6.5, run => run.Spec.Parameters.Momentum),
        Setting("clip", "Clipping", 5.5, run => run.Spec.Parameters.Clip),
        Text("optimizer", "Optimizer", SettingGroup, 6.5, run => run.Spec.Parameters.Optimizer.ToString().ToLowerInvariant()),
        Text("normalization", "Normalization", SettingGroup, 8, run => run.Spec.Normalization.ToString().ToLowerInvariant()),
        Text("precision", "Precision", SettingGroup, 6.5, run => run.Spec.Precision.ToString().ToLowerInvariant()),
        Text("variant", "Other settings", SettingGroup, 11, run => run.Spec.Variant()),

        Result("accuracy", "Accuracy", 6.25, run => Numbers.Accuracy(run.Result?.SelectedAccuracy ?? run.Progress?.ValidationAccuracy)),
        Result("best_accuracy", "Best accuracy", 7.5, run => Numbers.Accuracy(run.Result?.BestValidationAccuracy ?? run.Progress?.BestValidationAccuracy)),
        Result("final_accuracy", "Final accuracy", 7.5, run => Numbers.Accuracy(run.Result?.FinalValidationAccuracy)),
        Result("final_loss", "Final loss", 6, run => run.Result is { } result ? new(Numbers.Significant(result.FinalValidationLoss)) : Quantity.None) with { LargestFirst = false },
        new("progress", "Progress", ResultGroup, 8.5) { Sort = "progress", LargestFirst = true },
        Number("step", "Steps", ResultGroup, 5.5, run => run.Result?.Steps ?? run.Progress?.Step),
        Result("time_left", "Time left", 6, run => Length(run.State.IsActive() && !run.HostLost ? run.Progress?.EtaSeconds : null)) with { Sort = null },
        Result("samples_per_second", "Samples/s", 6, Speed),
        Result("train_seconds", "Training time", 7, run => Length(run.Result?.TrainSeconds)),
        Result("peak_memory", "Peak memory", 7, run => run.Result?.PeakMemoryBytes is { } bytes ? Numbers.Bytes(bytes) : Quantity.None),
    ];

    /// <summary>What is shown unless something else is asked for.</summary>
    public static readonly IReadOnlyList<RunColumn> Usual =
        [.. Named("id", "sweep", "state", "network", "dataset", "technique", "batch", "seed", "accuracy", "progress", "samples_per_second", "host", "created")];

    /// <summary>The column of a metric.</summary>
    public static RunColumn Of(string metric) =>
        new(MetricPrefix + metric, metric, MetricGroup, Math.Clamp(metric.Length * 0.45 + 2.5, 6.5, 14))
        {
            Metric = metric,
            Sort = MetricPrefix + metric,
            Number = true,
            LargestFirst = true,
            Value = found => !found.Metrics.TryGetValue(metric, out var value) ? Quantity.None
                : IsShare(metric) ? Numbers.Accuracy(value) : new(Numbers.Significant(value, 4)),
        };

    /// <summary>Reads names separated by commas; what is none is left out, and the run itself always comes first.</summary>
    public static IReadOnlyList<RunColumn> Read(string? names)
    {
        if (string.IsNullOrWhiteSpace(names))
            return Usual;
        var columns = names.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(Find).OfType<RunColumn>().Where(column => column != Id).DistinctBy(column => column.Name);
        return [Id, .. columns];
    }

    /// <summary>The columns as the address says them; nothing for the usual ones.</summary>
    public static string? Write(IReadOnlyList<RunColumn> columns)
    {
        var names = columns.Select(column => column.Name).ToArray();
        return names.SequenceEqual(Usual.Select(column => column.Name)) ? null : string.Join(',', names);
    }

    /// <summary>Everything that can be shown, given the fields that runs have.</summary>
    public static IReadOnlyList<RunColumn> Offered(IReadOnlyList<RunField> fields) =>
        [.. Fixed, .. fields.Where(field => field.Name.StartsWith(MetricPrefix, StringComparison.Ordinal)).Select(field => Of(MetricOf(field.Name)))];

    private static RunColumn? Find(string name) => name.StartsWith(MetricPrefix, StringComparison.Ordinal) && name.Length > MetricPrefix.Length
        ? Of(MetricOf(name))
        : Fixed.FirstOrDefault(column => column.Name == name);

    // A name that is no bare word stands in back ticks in filters.
    private static string MetricOf(string name) => name[MetricPrefix.Length..].Trim('`');

    private static IEnumerable<RunColumn> Named(params IEnumerable<string> names) => names.Select(name => Fixed.Single(column => column.Name == name));

    private static bool IsShare(string metric) => metric.EndsWith("accuracy", StringComparison.Ordinal) || metric.EndsWith("top5", StringComparison.Ordinal);

    private static RunColumn Text(string name, string title, string group, double width, Func<RunView, string?>? value = null) =>
        new(name, title, group, width) { Sort = name, Value = value is null ? null : found => Unknown(found.Run, name, group) ? Quantity.None : value(found.Run) is { Length: > 0 } text ? new(text) : Quantity.None };

    /// <summary>What a program outside did not state: of settings it knows no more than network, data set and method, and the last only where it says so.</summary>
    private static bool Unknown(RunView run, string name, string group) => run.External is { } outside && name switch
    {
        "network" or "dataset" => false,
        "method" => !outside.Parameters.Keys.Any(key => key.Equals("method", StringComparison.OrdinalIgnoreCase) || key.Equals("technique", StringComparison.OrdinalIgnoreCase)),
        "device_class" or "priority" => true,
        _ => group == SettingGroup,
    };

    private static RunColumn Number(string name, string title, string group, double width, Func<RunView, long?> value) =>
        new(name, title, group, width)
        {
            Sort = name, Number = true, LargestFirst = true,
            Value = found => value(found.Run) is { } number && !(found.Run.External is not null && number == 0 && name != "step") ? new(name == "seed" ? number.ToString(CultureInfo.InvariantCulture) : Numbers.Count(number)) : Quantity.None,
        };

    private static RunColumn Setting(string name, string title, double width, Func<RunView, double> value) =>
        new(name, title, SettingGroup, width) { Sort = name, Number = true, LargestFirst = true, Value = found => found.Run.External is not null && value(found.Run) == 0 ? Quantity.None : new(Numbers.Setting(value(found.Run))) };

    private static RunColumn Result(string name, string title, double width, Func<RunView, Quantity> value) =>
        new(name, title, ResultGroup, width) { Sort = name, Number = true, LargestFirst = true, Value = found => value(found.Run) };

    private static RunColumn Time(string name, string title) => new(name, title, RunGroup, 6.5) { Sort = name, LargestFirst = true };

    private static Quantity Length(double? seconds) => seconds is { } length ? new(Durations.Text(TimeSpan.FromSeconds(length))) : Quantity.None;

    private static Quantity Speed(RunView run) =>
        (run.Result?.SamplesPerSecond ?? run.Progress?.SamplesPerSecond) is { } speed and > 0 ? Numbers.Big(speed) : Quantity.None;
}
