using Tracker.Storage.Database;
using Tracker.Storage.Model;

namespace Tracker.Storage.External;

/// <summary>What a report may change of a run beside its points, while the run is locked.</summary>
internal sealed class ReportedRun
{
    private bool _parametersChanged;

    public required long Id { get; init; }
    public required long SweepId { get; init; }
    public required bool External { get; init; }
    public required bool IsDeleted { get; init; }
    public required string Title { get; set; }
    public required string Notes { get; set; }
    public required Dictionary<string, string> Parameters { get; init; }
    public required Dictionary<string, string> Attributes { get; init; }
    public required List<string> Tags { get; init; }

    public static Task<ReportedRun?> LockAsync(DbSession session, long runId) => session.FirstAsync(
        """
        SELECT id, sweep_id, external, deleted_at IS NOT NULL, coalesce(title, ''), notes, CASE WHEN external THEN spec ELSE '{}' END, attributes, tags
        FROM runs WHERE id = @run AND NOT purging FOR NO KEY UPDATE
        """,
        r => new ReportedRun
        {
            Id = r.GetInt64(0), SweepId = r.GetInt64(1), External = r.GetBoolean(2), IsDeleted = r.GetBoolean(3), Title = r.GetString(4), Notes = r.GetString(5),
            Parameters = Json.Read<Dictionary<string, string>>(r.GetString(6)), Attributes = Json.Read<Dictionary<string, string>>(r.GetString(7)),
            Tags = [.. r.GetFieldValue<string[]>(8)],
        }, ("run", runId));

    /// <summary>Why nothing can be written to a run in the recycle bin; clients know this sentence.</summary>
    public static LogRefusedException Deleted(long runId) => new($"The run {runId:x32} must be in the 'active' state. Current state is deleted.");

    public void RefuseDeleted()
    {
        if (IsDeleted) throw Deleted(Id);
    }

    /// <summary>Adds parameters; clients know the sentence by which one is refused.</summary>
    public void Log(IReadOnlyList<KeyValuePair<string, string>> parameters)
    {
        foreach (var (key, value) in parameters.Select(Clean))
        {
            if (Parameters.TryAdd(key, value)) _parametersChanged = true;
            else if (Parameters[key] is var present && present != value)
            {
                throw new LogRefusedException(
                    $"Changing param values is not allowed. Param with key='{key}' was already logged with value='{present}' for run ID='{Id:x32}'. Attempted logging new value '{value}'.");
            }
        }
    }

    /// <summary>Sets tags. Those of the product's own runs are among its tags, where people see and filter them, unless they are a program's notes to itself.</summary>
    public void Tag(IReadOnlyList<KeyValuePair<string, string>> tags)
    {
        foreach (var (key, value) in tags.Select(Clean))
        {
            if (key == RunTags.Notes) Notes = value;
            else if (key == RunTags.Name) Rename(value);
            else if (External || key.StartsWith("mlflow.", StringComparison.Ordinal)) Attributes[key] = value;
            else Replace(key, value);
        }
    }

    /// <summary>Gives it another name; an empty one is none, and that of a run that the product trains says what it trains.</summary>
    public void Rename(string name)
    {
        if (!External) throw new LogRefusedException($"Run {Id} is trained by this server, and its name says what it trains. It cannot be changed.");
        if (name.Length > 0) Title = name;
    }

    public Task<int> SaveAsync(DbSession session) => session.ExecuteAsync(
        $"""
         UPDATE runs SET title = CASE WHEN external THEN @title END, notes = @notes, attributes = @attributes::jsonb, tags = @tags
           {(_parametersChanged
             ? ", spec = @spec::jsonb, network = @network, dataset = @dataset, method = @method, batch = @batch, seed = @seed, epochs = @epochs, learning_rate = @rate, momentum = @momentum, weight_decay = @decay"
             : "")}
         WHERE id = @run
         """,
        [
            ("run", Id), ("title", Title), ("notes", Notes), ("attributes", Json.Write(Attributes)), ("tags", Tags.ToArray()),
            .. _parametersChanged ? [("spec", Json.Write(Parameters)), .. new ParameterNames(Parameters).Columns()] : Array.Empty<(string, object?)>(),
        ]);

    private void Replace(string key, string value)
    {
        if (key.Contains('=', StringComparison.Ordinal))
            throw new LogRefusedException($"Tag '{key}' has an equals sign in its name. Those of runs that this server trains have none.");
        var place = Tags.FindIndex(tag => RunTags.Is(tag, key));
        if (place >= 0) Tags[place] = RunTags.Write(key, value);
        else Tags.Add(RunTags.Write(key, value));
        if (Tags.Count > IRuns.MostTags) throw new LogRefusedException($"A run that this server trains has at most {IRuns.MostTags} tags, and run {Id} would have {Tags.Count}.");
    }

    private static KeyValuePair<string, string> Clean(KeyValuePair<string, string> pair) => new(TextValues.Clean(pair.Key), TextValues.Clean(pair.Value));
}
