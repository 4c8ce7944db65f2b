using Tracker.Domain;

namespace Tracker.Storage.Search;

/// <summary>An order of runs in SQL: by a field, ties by descending id.</summary>
internal sealed class RunOrderSql
{
    private readonly RunColumn _column;
    private readonly bool _descending;
    private readonly string _sql;
    private readonly bool _isId;

    public RunOrderSql(FilterField field, bool descending, RunSql sql)
    {
        var column = RunColumns.Of(field);
        _column = column.Order ?? column;
        _descending = descending;
        _sql = _column.Sql(sql);
        _isId = field is { Entity: FilterEntity.Run, Key: "id" };
    }

    /// <summary>What is sorted by.</summary>
    public ColumnKind Kind => _column.Kind;

    /// <summary>What a cursor needs beside the id.</summary>
    public string Selected => RunColumn.Selected(Kind, _sql);

    /// <summary>What follows ORDER BY.</summary>
    public string Text => _isId ? $"r.id {Direction}" : $"{Rank}{_sql} {Direction} NULLS LAST, r.id DESC";

    /// <summary>Whether a run comes after a cursor.</summary>
    public string After(RunCursor? cursor, RunSql sql)
    {
        if (cursor is null) return "true";
        var id = sql.Parameter(cursor.Id);
        if (_isId) return $"r.id {Beyond} {id}";
        if (cursor.Rank == RunRank.Missing) return $"({_sql} IS NULL AND r.id < {id})";
        if (cursor.Rank == RunRank.NaN) return $"(({_sql} = 'NaN' AND r.id < {id}) OR {_sql} IS NULL)";
        var value = sql.Parameter(cursor.Read(_column.Kind)!);
        var beyond = $"({_sql} {Beyond} {value} OR ({_sql} = {value} AND r.id < {id}))";
        if (_column.MayBeNaN) beyond = $"(({_sql} <> 'NaN' AND {beyond}) OR {_sql} = 'NaN')";
        return _column.Nullable ? $"({beyond} OR {_sql} IS NULL)" : beyond;
    }

    /// <summary>To Postgres NaN is the largest number, and would come first where these do.</summary>
    private string Rank => _column.MayBeNaN && _descending ? $"CASE WHEN {_sql} IS NULL THEN 2 WHEN {_sql} = 'NaN' THEN 1 ELSE 0 END, " : "";

    private string Direction => _descending ? "DESC" : "ASC";

    private string Beyond => _descending ? "<" : ">";
}
