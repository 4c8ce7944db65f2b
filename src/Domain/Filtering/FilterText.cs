using System.Globalization;

namespace Tracker.Domain;

/// <summary>Writes filters.</summary>
internal static class FilterText
{
    internal static string Of(FilterExpression expression) => expression switch
    {
        FilterAnd and => $"{Inside(and.Left, and.Left is FilterOr)} AND {Inside(and.Right, and.Right is FilterOr or FilterAnd)}",
        FilterOr or => $"{or.Left} OR {Inside(or.Right, or.Right is FilterOr)}",
        FilterNot not => $"NOT {Inside(not.Inner, not.Inner is FilterOr or FilterAnd)}",
        FilterComparison c => $"{c.Field.Name} {Of(c.Operator)} {c.Value}",
        FilterMembership m => $"{m.Field.Name} {(m.Negated ? "NOT IN" : "IN")} ({string.Join(", ", m.Values)})",
        FilterPresence p => $"{p.Field.Name} IS {(p.Missing ? "NULL" : "NOT NULL")}",
        _ => throw new ArgumentOutOfRangeException(nameof(expression), expression.GetType(), "There is no such expression."),
    };

    internal static string Of(FilterValue value) => value switch
    {
        FilterNumber number => number.Value.ToString("R", CultureInfo.InvariantCulture),
        FilterString text => Quoted(text.Value, '\''),
        FilterTime time => $"'{time.Value.ToUniversalTime():yyyy-MM-ddTHH:mm:ss.FFFFFFFZ}'",
        FilterAge age => $"'-{Age(age.Value)}'",
        _ => throw new ArgumentOutOfRangeException(nameof(value), value.GetType(), "There is no such value."),
    };

    internal static string Of(FilterOperator op) => op switch
    {
        FilterOperator.Equal => "=",
        FilterOperator.NotEqual => "!=",
        FilterOperator.Greater => ">",
        FilterOperator.GreaterOrEqual => ">=",
        FilterOperator.Less => "<",
        FilterOperator.LessOrEqual => "<=",
        FilterOperator.Like => "LIKE",
        FilterOperator.ILike => "ILIKE",
        FilterOperator.RLike => "RLIKE",
        _ => throw new ArgumentOutOfRangeException(nameof(op), op, "There is no such operator."),
    };

    internal static string Of(FilterField field) => field.Entity switch
    {
        FilterEntity.Metric => "metrics." + Key(field.Key),
        FilterEntity.Parameter => "params." + Key(field.Key),
        FilterEntity.Tag => "tags." + Key(field.Key),
        _ => field.Key,
    };

    private static string Inside(FilterExpression expression, bool parentheses) => parentheses ? $"({expression})" : expression.ToString();

    private static string Key(string key) => FilterTokenizer.IsBare(key) ? key : Quoted(key, '`');

    /// <summary>A quote within is written twice.</summary>
    private static string Quoted(string text, char quote) => $"{quote}{text.Replace($"{quote}", $"{quote}{quote}", StringComparison.Ordinal)}{quote}";

    private static string Age(TimeSpan age)
    {
        var seconds = (long)age.TotalSeconds;
        return seconds % 86400 == 0 ? $"{seconds / 86400}d" : seconds % 3600 == 0 ? $"{seconds / 3600}h" : seconds % 60 == 0 ? $"{seconds / 60}m" : $"{seconds}s";
    }
}
