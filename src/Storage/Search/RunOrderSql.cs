using Tracker.Domain;

namespace Tracker.Storage.Search;

/// <summary>One field by which runs are sorted.</summary>
/// <param name="Field">The field.</param>
/// <param name="Descending">Largest first.</param>
/// <param name="AsText">Whether parameters that are numbers go by their texts.</param>
internal sealed record RunOrderKey(FilterField Field, bool Descending, bool AsText);

/// <summary>An order of runs in SQL: by fields one after the other, what is left of ties by descending id.</summary>
internal sealed class RunOrderSql
{
    private static readonly FilterField s_id = FilterParser.ParseField("id");
    private readonly List<Part> _parts;
    private readonly RunSql _sql;

    /// <param name="keys">The fields.</param>
    /// <param name="sql">The query.</param>
    /// <param name="filter">What holds of all of its runs: of a metric that it compares with a number, none is missing or NaN.</param>
    public RunOrderSql(IReadOnlyList<RunOrderKey> keys, RunSql sql, FilterExpression? filter)
    {
        _sql = sql;
        // What follows an id decides nothing.
        var last = keys.TakeWhile(k => !IsId(k.Field)).Count();
        var all = last == keys.Count ? keys.Append(new(s_id, Descending: true, AsText: false)) : keys.Take(last + 1);
        var numbers = Numbers(filter).ToHashSet();
        _parts = [.. all.Select(k => new Part(k, sql, numbers.Contains(k.Field)))];
        Signature = string.Join(", ", _parts.Select(p => p.Name));
    }

    /// <summary>The order in words: cursors of another do not fit.</summary>
    public string Signature { get; }

    /// <summary>What a cursor needs, one column for each key; the id is the last.</summary>
    public string Selected => string.Join(", ", _parts.Select(p => RunColumn.Selected(p.Column.Kind, p.Sql)));

    /// <summary>Of what kind these columns are.</summary>
    public IReadOnlyList<ColumnKind> Kinds => [.. _parts.Select(p => p.Column.Kind)];

    /// <summary>What follows ORDER BY.</summary>
    public string Text => string.Join(", ", _parts.Select(p => p.Text));

    /// <summary>Whether a run comes after a cursor: beyond it in the first key, or equal there and beyond it in the second, and so on.</summary>
    public string After(RunCursor? cursor)
    {
        if (cursor is null) return "true";
        var condition = "false";
        for (var i = _parts.Count - 1; i >= 0; i--) condition = _parts[i].After(cursor.Places[i], condition, _sql);
        return condition;
    }

    private static IEnumerable<FilterField> Numbers(FilterExpression? filter) => filter switch
    {
        FilterAnd and => Numbers(and.Left).Concat(Numbers(and.Right)),
        FilterComparison { Field.Entity: FilterEntity.Metric, Value: FilterNumber, Operator: not FilterOperator.NotEqual } comparison => [comparison.Field],
        _ => [],
    };

    private static bool IsId(FilterField field) => field is { Entity: FilterEntity.Run, Key: "id" or "run_id" };

    /// <summary>One key.</summary>
    private sealed class Part
    {
        private readonly bool _descending;
        private readonly bool _isNumber;

        /// <param name="key">The key.</param>
        /// <param name="sql">The query.</param>
        /// <param name="isNumber">Whether no value is missing or NaN. Then the order is that of the index, which ends the search at the limit.</param>
        public Part(RunOrderKey key, RunSql sql, bool isNumber)
        {
            var column = RunColumns.Of(key.Field);
            Column = key.AsText && column.Kind == ColumnKind.Text ? column : column.Order ?? column;
            Sql = Column.Sql(sql);
            (_descending, _isNumber) = (key.Descending, isNumber);
            Name = $"{key.Field.Name} {Direction}{(key.AsText ? " as text" : "")}";
        }

        public RunColumn Column { get; }

        public string Sql { get; }

        public string Name { get; }

        public string Text => $"{Rank}{Sql} {Direction}{(Column.Nullable && !_isNumber ? " NULLS LAST" : "")}";

        /// <summary>To Postgres NaN is the largest number, and would come first where these do.</summary>
        private string Rank => Column.MayBeNaN && _descending && !_isNumber ? $"CASE WHEN {Sql} IS NULL THEN 2 WHEN {Sql} = 'NaN' THEN 1 ELSE 0 END, " : "";

        private string Direction => _descending ? "DESC" : "ASC";

        private string Beyond => _descending ? "<" : ">";

        /// <summary>Beyond a place, or equal to it and <paramref name="then"/>.</summary>
        public string After(RunPlaceKey place, string then, RunSql sql)
        {
            switch (place.Rank)
            {
                case RunRank.Missing:
                    return $"({Sql} IS NULL AND {then})";
                case RunRank.NaN:
                    return $"(({Sql} = 'NaN' AND {then}) OR {Sql} IS NULL)";
            }
            var value = sql.Parameter(place.Read(Column.Kind)!);
            var beyond = $"({Sql} {Beyond} {value} OR ({Sql} = {value} AND {then}))";
            if (Column.MayBeNaN) beyond = $"(({Sql} <> 'NaN' AND {beyond}) OR {Sql} = 'NaN')";
            return Column.Nullable ? $"({beyond} OR {Sql} IS NULL)" : beyond;
        }
    }
}
