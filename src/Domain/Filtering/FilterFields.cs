using System.Diagnostics.CodeAnalysis;

namespace Tracker.Domain;

/// <summary>The fixed fields of runs, and how names are looked up.</summary>
public static class FilterFields
{
    /// <summary>Heading of what a run is and where it stands.</summary>
    public const string Run = "Run";

    /// <summary>Heading of what it was given.</summary>
    public const string Setting = "Setting";

    /// <summary>Heading of what came out.</summary>
    public const string Result = "Result";

    /// <summary>Heading of what it measured.</summary>
    public const string Metrics = "Metric";

    /// <summary>Every fixed field, in the order in which they are offered.</summary>
    public static IReadOnlyList<FilterField> All { get; } =
    [
        Of("id", "Id", FilterKind.Number, Run),
        Of("name", "Name", FilterKind.Text, Run),
        Of("state", "State", FilterKind.Text, Run, Enum.GetNames<RunState>()),
        Of("sweep", "Sweep", FilterKind.Number, Run),
        Of("sweep.name", "Sweep name", FilterKind.Text, Run),
        Of("owner", "Owner", FilterKind.Text, Run),
        Of("priority", "Priority", FilterKind.Text, Run, Enum.GetNames<Priority>()),
        Of("host", "Host", FilterKind.Text, Run),
        Of("device", "Device", FilterKind.Text, Run),
        Of("device_class", "Kind of device", FilterKind.Text, Run, [nameof(DeviceClass.Cpu), nameof(DeviceClass.Cuda)]),
        Of("attempt", "Attempt", FilterKind.Number, Run),
        Of("external", "Logged from outside", FilterKind.Text, Run, ["true", "false"]),
        Of("step", "Step", FilterKind.Number, Run),
        Of("total_steps", "Steps in all", FilterKind.Number, Run),
        Of("progress", "Progress", FilterKind.Number, Run),
        Of("created", "Created", FilterKind.Time, Run),
        Of("started", "Started", FilterKind.Time, Run),
        Of("finished", "Finished", FilterKind.Time, Run),
        Of("tags", "Tags", FilterKind.Texts, Run),
        Of("notes", "Notes", FilterKind.Text, Run),
        Of("failure", "Failure", FilterKind.Text, Run, Enum.GetNames<FailureKind>()),
        Of("failure_reason", "Reason of failure", FilterKind.Text, Run),

        Of("network", "Network", FilterKind.Text, Setting, [.. Catalogue.Networks.Select(n => n.Name)], closed: false),
        Of("dataset", "Data set", FilterKind.Text, Setting, [.. Catalogue.Datasets.Select(d => d.Name)], closed: false),
        Of("method", "Method", FilterKind.Text, Setting, [.. Method.TableColumns.Select(m => m.ToString())], closed: false),
        Of("technique", "Technique", FilterKind.Text, Setting, [.. Method.ColumnTitles], closed: false),
        Of("batch", "Batch", FilterKind.Number, Setting),
        Of("small_batch", "Small batch", FilterKind.Number, Setting),
        Of("ghost_batch", "Ghost batch", FilterKind.Number, Setting),
        Of("seed", "Seed", FilterKind.Number, Setting),
        Of("epochs", "Epochs", FilterKind.Number, Setting),
        Of("train_examples", "Training images", FilterKind.Number, Setting),
        Of("learning_rate", "Learning rate", FilterKind.Number, Setting),
        Of("weight_decay", "Weight decay", FilterKind.Number, Setting),
        Of("momentum", "Momentum", FilterKind.Number, Setting),
        Of("clip", "Clipping", FilterKind.Number, Setting),
        Of("scaling", "Scaling of the rate", FilterKind.Text, Setting, [.. Enum.GetValues<LearningRateScaling>().Select(s => s.Word())]),
        Of("noise_variance", "Noise variance", FilterKind.Number, Setting),
        Of("optimizer", "Optimizer", FilterKind.Text, Setting, Lower<OptimizerKind>()),
        Of("warm_up", "Warm-up", FilterKind.Number, Setting),
        Of("trust", "Trust", FilterKind.Number, Setting),
        Of("proximal", "Proximal weight", FilterKind.Number, Setting),
        Of("inner_steps", "Inner steps", FilterKind.Number, Setting),
        Of("scaled_rate", "Scaled rate", FilterKind.Number, Setting),
        Of("normalization", "Normalization", FilterKind.Text, Setting, Lower<NormalizationKind>()),
        Of("precision", "Precision", FilterKind.Text, Setting, Lower<Precision>()),
        Of("initial_scale", "Initial scale", FilterKind.Number, Setting),
        Of("validation_examples", "Held-out images", FilterKind.Number, Setting),
        Of("selection", "Selection", FilterKind.Text, Setting),
        Of("variant", "Variant", FilterKind.Text, Setting),

        Of("accuracy", "Accuracy", FilterKind.Number, Result),
        Of("final_accuracy", "Final accuracy", FilterKind.Number, Result),
        Of("best_accuracy", "Best accuracy", FilterKind.Number, Result),
        Of("final_loss", "Final loss", FilterKind.Number, Result),
        Of("samples_per_second", "Samples/s", FilterKind.Number, Result),
        Of("train_seconds", "Training time", FilterKind.Number, Result),
        Of("eval_seconds", "Evaluation time", FilterKind.Number, Result),
        Of("peak_memory", "Peak memory", FilterKind.Number, Result),

        Of("run_id", "Id as text", FilterKind.Text, Run) with { Hidden = true },
        Of("status", "Status", FilterKind.Text, Run, ["RUNNING", "SCHEDULED", "FINISHED", "FAILED", "KILLED"]) with { Hidden = true },
        Of("artifact_uri", "Artifacts", FilterKind.Text, Run) with { Hidden = true },
        Of("start_time", "Started or made", FilterKind.Time, Run) with { Hidden = true },
        Of("dataset.name", "Names of data sets", FilterKind.Texts, Run) with { Hidden = true },
        Of("dataset.digest", "Digests of data sets", FilterKind.Texts, Run) with { Hidden = true },
        Of("dataset.context", "Uses of data sets", FilterKind.Texts, Run) with { Hidden = true },
    ];

    private static readonly Dictionary<string, FilterField> s_byName = All.ToDictionary(f => Plain(f.Key));

    /// <summary>Other names of fixed fields, those of MLflow among them.</summary>
    private static readonly Dictionary<string, string> s_aliases = new()
    {
        ["runname"] = "name", ["userid"] = "owner", ["user"] = "owner", ["endtime"] = "finished",
        ["createdat"] = "created", ["startedat"] = "started", ["finishedat"] = "finished", ["sweepid"] = "sweep", ["sweepname"] = "sweep.name",
        ["lr"] = "learningrate", ["selectedaccuracy"] = "accuracy", ["failurekind"] = "failure",
        ["finalvalidationloss"] = "finalloss",
    };

    private static readonly Dictionary<string, string> s_reservedTags = new()
    {
        ["mlflow.runName"] = "name", ["mlflow.note.content"] = "notes",
    };

    /// <summary>The fixed field of a name: case, underscores and spaces do not count, so that <c>learningRate</c> is <c>learning_rate</c>.</summary>
    /// <param name="name">The name.</param>
    public static FilterField? Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var plain = Plain(name);
        return s_byName.GetValueOrDefault(s_aliases.GetValueOrDefault(plain, plain));
    }

    /// <summary>The field of a name with or without an entity, such as <c>batch</c>, <c>metrics.validation/accuracy</c> or <c>params.momentum</c>.</summary>
    /// <param name="name">The name, without quotes.</param>
    /// <param name="field">The field, if there is one.</param>
    /// <param name="error">Why there is none.</param>
    internal static bool TryFind(string name, [NotNullWhen(true)] out FilterField? field, [NotNullWhen(false)] out string? error)
    {
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        var (entity, key) = dot < 0 ? ("", name) : (name[..dot].ToLowerInvariant(), name[(dot + 1)..]);
        error = null;
        field = entity switch
        {
            "metric" or "metrics" => FilterField.Metric(key),
            "param" or "params" or "parameter" or "parameters" => FilterField.Parameter(key),
            "tag" or "tags" => s_reservedTags.TryGetValue(key, out var reserved) ? Find(reserved) : FilterField.Tag(key),
            "attribute" or "attributes" or "attr" or "run" => Find(key),
            "datasets" => Find($"dataset.{key}"),
            _ => Find(name),
        };
        if (dot >= 0 && key.Length == 0) error = $"Expected a name after '{name}'.";
        else if (field is null) error = Unknown(name, key);
        return error is null;
    }

    /// <summary>The setting that the product's own runs have under the name of a parameter.</summary>
    /// <param name="parameter">The parameter.</param>
    public static FilterField? SettingOf(FilterField parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        return parameter.Entity == FilterEntity.Parameter && Find(parameter.Key) is { IsSetting: true } setting ? setting : null;
    }

    private static string Unknown(string name, string key)
    {
        var plain = Plain(key);
        var near = All.Where(f => !f.Hidden).Select(f => (f.Name, Distance: Distance(Plain(f.Key), plain))).MinBy(f => f.Distance);
        return near.Distance <= (plain.Length < 4 ? 1 : 2)
            ? $"There is no field '{name}'. Did you mean '{near.Name}'?"
            : $"There is no field '{name}'. Metrics are written metrics.{key}, parameters params.{key}.";
    }

    /// <summary>How many letters must be put in, left out or replaced to make one text the other.</summary>
    private static int Distance(string a, string b)
    {
        if (Math.Abs(a.Length - b.Length) > 3) return int.MaxValue;
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = a[i - 1] == b[j - 1] ? diagonal : diagonal + 1;
                diagonal = row[j];
                row[j] = Math.Min(cost, Math.Min(row[j], row[j - 1]) + 1);
            }
        }
        return row[^1];
    }

    private static string Plain(string name) =>
        name.Replace("_", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal).ToLowerInvariant();

    private static string[] Lower<T>() where T : struct, Enum => [.. Enum.GetNames<T>().Select(n => n.ToLowerInvariant())];

    private static FilterField Of(string key, string title, FilterKind kind, string group, IReadOnlyList<string>? words = null, bool closed = true) =>
        new(FilterEntity.Run, key, kind) { Title = title, Group = group, Words = words ?? [], Closed = closed && words is not null };
}
