using System.Text.Json;
using Tracker.Domain;

namespace Tracker.Storage.Search;

/// <summary>The columns behind the fields of filters.</summary>
internal static class RunColumns
{
    private static readonly ExperimentOptions s_options = new();
    private static readonly OptimizerSettings s_optimizer = new();
    private static readonly string s_networkTitles = JsonSerializer.Serialize(Catalogue.Networks.ToDictionary(n => n.Name, n => n.Title));

    /// <summary>As <see cref="Method.Title"/> says it.</summary>
    private const string Technique =
        "CASE r.table_column WHEN 0 THEN 'SB' WHEN 1 THEN 'LB' WHEN 2 THEN '+LR' WHEN 3 THEN '+GBN' WHEN 4 THEN '+RA' ELSE upper(replace(r.method, '+', ' +')) END";

    private static readonly Dictionary<string, RunColumn> s_fixed = new()
    {
        ["id"] = Required(ColumnKind.Whole, "r.id"),
        ["name"] = new(ColumnKind.Text, Name, Nullable: false),
        ["state"] = Required(ColumnKind.Text, "r.state") with { Order = OrderOf<RunState>("r.state") },
        ["sweep"] = Required(ColumnKind.Whole, "r.sweep_id"),
        ["sweep.name"] = Joined("JOIN sweeps s ON s.id = r.sweep_id", "s.name", nullable: false),
        ["owner"] = Joined("LEFT JOIN users u ON u.id = r.owner_id", "u.user_name"),
        ["priority"] = Required(ColumnKind.Text, "r.priority") with { Order = OrderOf<Priority>("r.priority") },
        ["host"] = Joined("LEFT JOIN hosts h ON h.id = r.host_id", "h.name"),
        ["device"] = Optional(ColumnKind.Text, "r.device_name"),
        ["device_class"] = Required(ColumnKind.Text, "r.device_class"),
        ["attempt"] = Required(ColumnKind.Whole, "r.attempt"),
        ["external"] = Required(ColumnKind.Text, "r.external::text"),
        ["step"] = Required(ColumnKind.Whole, "r.step"),
        ["total_steps"] = Required(ColumnKind.Whole, "r.total_steps"),
        ["progress"] = Required(ColumnKind.Real, "(r.step::double precision / r.total_steps)"),
        ["created"] = Required(ColumnKind.Time, "r.created_at"),
        ["started"] = Optional(ColumnKind.Time, "r.started_at"),
        ["finished"] = Optional(ColumnKind.Time, "r.finished_at"),
        ["tags"] = Required(ColumnKind.Texts, "r.tags") with { Order = Optional(ColumnKind.Text, "nullif(array_to_string(r.tags, ', '), '')") },
        ["notes"] = Optional(ColumnKind.Text, "nullif(r.notes, '')"),
        ["failure"] = Optional(ColumnKind.Text, "r.failure_kind"),
        ["failure_reason"] = Optional(ColumnKind.Text, "r.failure_reason"),

        ["network"] = Understood(ColumnKind.Text, "r.network"),
        ["dataset"] = Understood(ColumnKind.Text, "r.dataset"),
        ["method"] = Understood(ColumnKind.Text, "r.method"),
        ["technique"] = Optional(ColumnKind.Text, $"nullif({Technique}, '')") with { Order = Optional(ColumnKind.Text, "nullif(coalesce(r.table_column::text, '') || r.method, '')") },
        ["batch"] = Understood(ColumnKind.Whole, "r.batch"),
        ["small_batch"] = Understood(ColumnKind.Whole, "r.small_batch"),
        ["ghost_batch"] = Optional(ColumnKind.Whole, "r.ghost_batch"),
        ["seed"] = Required(ColumnKind.Whole, "r.seed"),
        ["epochs"] = Understood(ColumnKind.Whole, "r.epochs"),
        ["train_examples"] = Understood(ColumnKind.Whole, "r.train_examples"),
        ["learning_rate"] = Understood(ColumnKind.Real, "r.learning_rate"),
        ["weight_decay"] = Understood(ColumnKind.Real, "r.weight_decay"),
        ["momentum"] = Understood(ColumnKind.Real, "r.momentum"),
        ["clip"] = Understood(ColumnKind.Real, "r.clip"),
        ["scaling"] = Optional(ColumnKind.Text, "(CASE WHEN r.external THEN NULL WHEN r.scaling = 'SquareRoot' THEN 'sqrt' ELSE lower(r.scaling) END)"),
        ["noise_variance"] = Optional(ColumnKind.Real, "r.noise_variance"),
        ["variant"] = Optional(ColumnKind.Text, "nullif(r.variant, '')"),

        // Options are stored where they differ from their defaults; runs from outside have none.
        ["optimizer"] = Option("parameters,optimizer", Word(s_optimizer.Kind)),
        ["warm_up"] = Option("parameters,warmUp", s_optimizer.WarmUp),
        ["trust"] = Option("parameters,trust"),
        ["proximal"] = Option("parameters,proximal"),
        ["inner_steps"] = Option("parameters,innerSteps"),
        ["scaled_rate"] = Option("parameters,scaledRate"),
        ["normalization"] = Option("normalization", Word(s_options.Normalization)),
        ["precision"] = Option("precision", Word(s_options.Precision)),
        ["initial_scale"] = Option("initialScale", s_options.InitialScale),
        ["validation_examples"] = Option("validationExamples", s_options.ValidationExamples),
        ["selection"] = Option("selection", s_options.Selection.ToString()),

        ["accuracy"] = Optional(ColumnKind.Real, "r.selected_accuracy"),
        ["final_accuracy"] = Optional(ColumnKind.Real, "r.final_accuracy"),
        ["best_accuracy"] = Optional(ColumnKind.Real, "r.best_accuracy"),
        ["final_loss"] = Optional(ColumnKind.Real, "(r.result->>'finalValidationLoss')::double precision") with { MayBeNaN = true },
        ["samples_per_second"] = Optional(ColumnKind.Real, "r.samples_per_second"),
        ["train_seconds"] = Optional(ColumnKind.Real, "(r.result->>'trainSeconds')::double precision"),
        ["eval_seconds"] = Optional(ColumnKind.Real, "(r.result->>'evalSeconds')::double precision"),
        ["peak_memory"] = Optional(ColumnKind.Whole, "(r.result->>'peakMemoryBytes')::bigint"),

        ["run_id"] = Required(ColumnKind.Text, RunIdSql.Text) with { Order = Required(ColumnKind.Whole, "r.id") },
        ["status"] = Required(ColumnKind.Text,
            "(CASE r.state WHEN 'Succeeded' THEN 'FINISHED' WHEN 'Failed' THEN 'FAILED' WHEN 'Cancelled' THEN 'KILLED' WHEN 'Starting' THEN 'RUNNING' WHEN 'Running' THEN 'RUNNING' ELSE 'SCHEDULED' END)"),
        ["artifact_uri"] = Required(ColumnKind.Text, $"('mlflow-artifacts:/' || r.sweep_id || '/' || {RunIdSql.Text} || '/artifacts')"),
        ["start_time"] = Required(ColumnKind.Time, "coalesce(r.started_at, r.created_at)"),
        ["dataset.name"] = Dataset("{dataset,name}", "CASE WHEN r.external THEN '{}' ELSE ARRAY[r.dataset] END"),
        ["dataset.digest"] = Dataset("{dataset,digest}", "'{}'::text[]"),
        ["dataset.context"] = Dataset("{context}", "'{}'::text[]"),
    };

    /// <summary>The column of a field.</summary>
    public static RunColumn Of(FilterField field) => field.Entity switch
    {
        FilterEntity.Run => s_fixed[field.Key],
        FilterEntity.Metric => new(ColumnKind.Real, sql => sql.Metric(field.Key)) { MayBeNaN = true },
        FilterEntity.Parameter => Parameter(field),
        FilterEntity.Tag => new(ColumnKind.Text, sql => Tag(sql, field.Key)),
        _ => throw new ArgumentOutOfRangeException(nameof(field), field.Entity, "There is no such entity."),
    };

    private static RunColumn Required(ColumnKind kind, string sql) => new(kind, _ => sql, Nullable: false);

    private static RunColumn Optional(ColumnKind kind, string sql) => new(kind, _ => sql);

    /// <summary>A setting that a run from outside has if it was understood, and else as nothing or zero.</summary>
    private static RunColumn Understood(ColumnKind kind, string column) =>
        Optional(kind, kind == ColumnKind.Text ? $"nullif({column}, '')" : $"(CASE WHEN r.external THEN nullif({column}, 0) ELSE {column} END)");

    /// <summary>What a run's data sets have in common: those that its program told of, each in an attribute of its own, and the product's.</summary>
    private static RunColumn Dataset(string path, string own)
    {
        var values = $"(ARRAY(SELECT d.value::jsonb #>> '{path}' FROM jsonb_each_text(r.attributes) AS d "
            + $"WHERE starts_with(d.key, '{LoggedTags.DatasetPrefix}') AND d.value::jsonb #>> '{path}' IS NOT NULL) || {own})";
        return Optional(ColumnKind.Texts, values) with { Order = Optional(ColumnKind.Text, $"nullif(array_to_string({values}, ', '), '')") };
    }

    private static RunColumn Joined(string join, string column, bool nullable = true) => new(ColumnKind.Text, sql =>
    {
        sql.Join(join);
        return column;
    }, nullable);

    private static RunColumn Option(string path) =>
        new(ColumnKind.Real, sql => $"(r.options #>> {sql.Parameter(path.Split(','))})::double precision");

    private static RunColumn Option(string path, double usual) =>
        new(ColumnKind.Real, sql => $"(CASE WHEN NOT r.external THEN coalesce((r.options #>> {sql.Parameter(path.Split(','))})::double precision, {sql.Parameter(usual)}) END)");

    private static RunColumn Option(string path, string usual) =>
        new(ColumnKind.Text, sql => $"(CASE WHEN NOT r.external THEN coalesce(r.options #>> {sql.Parameter(path.Split(','))}, {sql.Parameter(usual)}) END)");

    /// <summary>Sorts by the order of an enumeration instead of its letters.</summary>
    private static RunColumn OrderOf<T>(string column) where T : struct, Enum =>
        new(ColumnKind.Whole, sql => $"array_position({sql.Parameter(Enum.GetNames<T>())}, {column})", Nullable: false);

    private static string Word<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();

    /// <summary>What its program calls it, or as <see cref="RunSpec.Title"/> says it.</summary>
    private static string Name(RunSql sql) =>
        $"coalesce(r.title, coalesce({sql.JsonParameter(s_networkTitles)} ->> r.network, r.network) || ' ' || {Technique} || ', batch ' || r.batch || ', seed ' || r.seed)";

    /// <summary>
    /// A parameter of a program outside under exactly that name; of the product's own runs the setting, or what else the specification has there.
    /// Sorted by, settings go as they are.
    /// </summary>
    private static RunColumn Parameter(FilterField parameter)
    {
        var setting = FilterFields.SettingOf(parameter) is { } known ? s_fixed[known.Key] : null;
        var text = new RunColumn(ColumnKind.Text, sql => $"(CASE WHEN r.external THEN r.spec ->> {sql.Parameter(parameter.Key)} ELSE {OwnText(sql, parameter.Key, setting)} END)");
        if (setting is not { Kind: ColumnKind.Whole or ColumnKind.Real }) return text;
        return text with
        {
            Order = setting,
            Number = sql => $"(CASE WHEN r.external THEN {FilterSql.AsNumber($"(r.spec ->> {sql.Parameter(parameter.Key)})")} ELSE ({setting.Sql(sql)})::double precision END)",
        };
    }

    private static string OwnText(RunSql sql, string key, RunColumn? setting)
    {
        if (setting is not null) return $"({setting.Sql(sql)})::text";
        var path = sql.Parameter(key.Split('.'));
        return $"coalesce(r.spec #>> {path}, r.spec -> 'parameters' #>> {path})";
    }

    /// <summary>What programs attached under that name, before the product's own tags KEY=VALUE.</summary>
    private static string Tag(RunSql sql, string key)
    {
        var name = sql.Parameter(key);
        var own = key == LoggedTags.User ? OwnerName(sql)
            : $"(SELECT CASE WHEN t = {name} THEN '' ELSE substr(t, length({name}) + 2) END FROM unnest(r.tags) AS t WHERE t = {name} OR starts_with(t, {name} || '=') LIMIT 1)";
        return $"coalesce(r.attributes ->> {name}, {own})";
    }

    private static string OwnerName(RunSql sql) => s_fixed["owner"].Sql(sql);
}
