using Npgsql;
using NpgsqlTypes;

namespace Tracker.Storage.Search;

/// <summary>
/// A query over runs while it is put together: its joins, each once, and its parameters. Whatever a user wrote goes through
/// <see cref="Parameter"/>; texts of queries hold nothing but what is written in this folder.
/// </summary>
/// <param name="metricIds">Ids of the metrics that the query mentions; those that no run ever had are missing.</param>
/// <param name="place">How the text names a parameter of some number, where it cannot be <c>$1</c>.</param>
internal sealed class RunSql(IReadOnlyDictionary<string, short> metricIds, Func<int, string>? place = null)
{
    private readonly List<NpgsqlParameter> _parameters = [];
    private readonly List<string> _joins = [];
    private readonly Dictionary<string, string> _metrics = [];

    /// <summary>Hands a value over and returns its place in the text.</summary>
    public string Parameter(object value)
    {
        _parameters.Add(new() { Value = value });
        return Place;
    }

    /// <summary>Hands over JSON.</summary>
    public string JsonParameter(string json)
    {
        _parameters.Add(new() { Value = json, NpgsqlDbType = NpgsqlDbType.Jsonb });
        return Place;
    }

    /// <summary>Needs a table beside the runs; each run has at most one row there.</summary>
    public void Join(string join)
    {
        if (!_joins.Contains(join)) _joins.Add(join);
    }

    /// <summary>The latest value of a metric.</summary>
    public string Metric(string name)
    {
        if (!metricIds.TryGetValue(name, out var id)) return "NULL::double precision";
        if (_metrics.TryGetValue(name, out var alias)) return alias;
        alias = $"m{_metrics.Count}";
        _joins.Add($"LEFT JOIN metric_latest {alias} ON {alias}.run_id = r.id AND {alias}.metric_id = {Parameter(id)}");
        return _metrics[name] = $"{alias}.value";
    }

    /// <summary>The tables.</summary>
    public string From => $"FROM runs r {Joins}";

    /// <summary>The tables beside the runs.</summary>
    public string Joins => string.Join(' ', _joins);

    /// <summary>How many values were handed over.</summary>
    public int Parameters => _parameters.Count;

    /// <summary>A command of this text with the parameters.</summary>
    public NpgsqlBatchCommand Command(string text)
    {
        var command = new NpgsqlBatchCommand(text);
        foreach (var parameter in _parameters) command.Parameters.Add(parameter);
        return command;
    }

    private string Place => place?.Invoke(_parameters.Count) ?? $"${_parameters.Count}";
}
