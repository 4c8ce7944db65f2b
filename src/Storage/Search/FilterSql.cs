using Tracker.Domain;

namespace Tracker.Storage.Search;

/// <summary>
/// Writes filters as conditions. A comparison with NULL is neither true nor false in SQL; that and false mean the same here, which AND and OR
/// keep and NOT makes so.
/// </summary>
internal static class FilterSql
{
    /// <summary>Any text that is a number, as far as one can be read without an error.</summary>
    private const string NumberPattern = @"'^-?([0-9]{1,30}\.?[0-9]{0,30}|\.[0-9]{1,30})([eE][-+]?[0-9]{1,2})?$'";

    public static string Of(FilterExpression? filter, RunSql sql) => filter switch
    {
        null => "true",
        FilterAnd and => $"({Of(and.Left, sql)} AND {Of(and.Right, sql)})",
        FilterOr or => $"({Of(or.Left, sql)} OR {Of(or.Right, sql)})",
        FilterNot not => $"({Of(not.Inner, sql)} IS NOT TRUE)",
        FilterComparison { Field.Key: "sweep", Field.Entity: FilterEntity.Run, Operator: FilterOperator.Equal or FilterOperator.NotEqual } sweep =>
            OfSweep([sweep.Value], sweep.Operator == FilterOperator.NotEqual, sql),
        FilterMembership { Field.Key: "sweep", Field.Entity: FilterEntity.Run } sweeps => OfSweep(sweeps.Values, sweeps.Negated, sql),
        FilterComparison { Field: { Key: "run_id", Entity: FilterEntity.Run }, Operator: FilterOperator.Equal or FilterOperator.NotEqual } run =>
            Negate($"r.id = ANY({sql.Parameter(RunIdSql.Parse(Texts([run.Value])))})", run.Operator == FilterOperator.NotEqual),
        FilterMembership { Field: { Key: "run_id", Entity: FilterEntity.Run } } ids => Negate($"r.id = ANY({sql.Parameter(RunIdSql.Parse(Texts(ids.Values)))})", ids.Negated),
        FilterComparison c when RunColumns.Of(c.Field) is { Kind: ColumnKind.Texts } column => OfTexts(column, c.Operator, c.Value, sql),
        FilterMembership m when RunColumns.Of(m.Field) is { Kind: ColumnKind.Texts } column =>
            Negate($"{column.Sql(sql)} && {sql.Parameter(Texts(m.Values))}", m.Negated),
        FilterPresence p => OfPresence(RunColumns.Of(p.Field), p.Missing, sql),
        FilterComparison c => OfComparison(RunColumns.Of(c.Field), c.Operator, c.Value, sql),
        FilterMembership m => OfMembership(RunColumns.Of(m.Field), m.Values, m.Negated, sql),
        _ => throw new ArgumentOutOfRangeException(nameof(filter), filter.GetType(), "There is no such expression."),
    };

    private static string OfComparison(RunColumn column, FilterOperator op, FilterValue value, RunSql sql)
    {
        var left = column.Sql(sql);
        if (op is FilterOperator.Like or FilterOperator.ILike or FilterOperator.RLike)
            return $"({(column.Kind == ColumnKind.Text ? left : $"{left}::text")} {Pattern(op, value, sql)})";
        var compared = $"({Comparable(column, left, value, sql)} {Sign(op)} {Value(value, sql)})";
        // To Postgres NaN is larger than every number; here it is none.
        return column.MayBeNaN && op is (FilterOperator.Greater or FilterOperator.GreaterOrEqual) ? $"({compared} AND {left} <> 'NaN')" : compared;
    }

    private static string OfMembership(RunColumn column, IReadOnlyList<FilterValue> values, bool negated, RunSql sql)
    {
        var left = column.Sql(sql);
        var groups = values.GroupBy(v => v is FilterNumber).Select(g => $"{Comparable(column, left, g.First(), sql)} {(negated ? "NOT IN" : "IN")} ({string.Join(", ", g.Select(v => Value(v, sql)))})");
        return $"({string.Join(negated ? " AND " : " OR ", groups)})";
    }

    private static string OfPresence(RunColumn column, bool missing, RunSql sql)
    {
        var value = column.Sql(sql);
        return column.Kind == ColumnKind.Texts ? $"({value} {(missing ? "=" : "<>")} '{{}}')" : $"({value} IS {(missing ? "NULL" : "NOT NULL")})";
    }

    /// <summary>A sweep shows its own runs and those it reuses.</summary>
    private static string OfSweep(IReadOnlyList<FilterValue> sweeps, bool negated, RunSql sql)
    {
        var ids = sweeps.OfType<FilterNumber>().Select(n => n.Value).Where(double.IsInteger).Where(n => Math.Abs(n) < long.MaxValue).Select(n => (long)n).ToArray();
        return Negate($"EXISTS (SELECT FROM sweep_runs shown WHERE shown.run_id = r.id AND shown.sweep_id = ANY({sql.Parameter(ids)}))", negated);
    }

    private static string OfTexts(RunColumn field, FilterOperator op, FilterValue value, RunSql sql) => OfTexts(field.Sql(sql), op, value, sql) is var condition
        && op == FilterOperator.NotEqual && field.Nullable ? $"({condition} AND {field.Sql(sql)} <> '{{}}')" : condition;

    private static string OfTexts(string column, FilterOperator op, FilterValue value, RunSql sql) => op switch
    {
        FilterOperator.Equal => $"({column} @> {sql.Parameter(Texts([value]))})",
        FilterOperator.NotEqual => $"(NOT {column} @> {sql.Parameter(Texts([value]))})",
        FilterOperator.Like or FilterOperator.ILike or FilterOperator.RLike => $"EXISTS (SELECT FROM unnest({column}) AS t WHERE t {Pattern(op, value, sql)})",
        _ => throw new ArgumentOutOfRangeException(nameof(op), op, "Lists of texts have no order."),
    };

    /// <summary>What follows the text that is compared. Of a regular expression Postgres says itself whether it is one, and the limit of time bounds its cost.</summary>
    private static string Pattern(FilterOperator op, FilterValue value, RunSql sql) => op switch
    {
        FilterOperator.RLike => $"~ {Value(value, sql)}",
        FilterOperator.ILike => $"ILIKE {Value(value, sql)} ESCAPE ''",
        _ => $"LIKE {Value(value, sql)} ESCAPE ''",
    };

    /// <summary>What is compared with a value: moments as exact as the milliseconds that clients see, texts as numbers where they meet one.</summary>
    private static string Comparable(RunColumn column, string left, FilterValue value, RunSql sql) => (column.Kind, value) switch
    {
        (ColumnKind.Time, _) => $"date_trunc('milliseconds', {left})",
        (ColumnKind.Text, FilterNumber) => column.Number?.Invoke(sql) ?? AsNumber(left),
        _ => left,
    };

    /// <summary>A text as a number; NULL for a text that is none.</summary>
    public static string AsNumber(string sql) => $"(CASE WHEN {sql} ~ {NumberPattern} THEN ({sql})::double precision END)";

    private static string Value(FilterValue value, RunSql sql) => value switch
    {
        // A whole number goes as one: a column of whole numbers can then be looked up in an index.
        FilterNumber { Value: var number } => double.IsInteger(number) && Math.Abs(number) < 1L << 53 ? sql.Parameter((long)number) : sql.Parameter(number),
        FilterString text => sql.Parameter(text.Value),
        FilterTime time => sql.Parameter(time.Value.ToUniversalTime()),
        FilterAge age => $"(now() - {sql.Parameter(age.Value)})",
        _ => throw new ArgumentOutOfRangeException(nameof(value), value.GetType(), "There is no such value."),
    };

    private static string Sign(FilterOperator op) => op switch
    {
        FilterOperator.Equal => "=",
        FilterOperator.NotEqual => "<>",
        FilterOperator.Greater => ">",
        FilterOperator.GreaterOrEqual => ">=",
        FilterOperator.Less => "<",
        FilterOperator.LessOrEqual => "<=",
        _ => throw new ArgumentOutOfRangeException(nameof(op), op, "This compares patterns."),
    };

    private static string[] Texts(IEnumerable<FilterValue> values) => [.. values.OfType<FilterString>().Select(t => t.Value)];

    private static string Negate(string condition, bool negated) => negated ? $"(NOT {condition})" : $"({condition})";
}
