using System.Globalization;
using Superpower.Model;

namespace Tracker.Domain;

/// <summary>A condition on experiments.</summary>
/// <param name="Field"><c>name</c>, <c>creation_time</c>, <c>last_update_time</c> or <c>tags.KEY</c>.</param>
/// <param name="Operator">= != &lt; &lt;= &gt; &gt;= LIKE ILIKE, in capitals.</param>
/// <param name="Value">A text, or milliseconds since 1970 as a <see cref="long"/>.</param>
public sealed record ExperimentTerm(string Field, string Operator, object Value);

/// <summary>Reads filters of MLflow's experiments: the language of runs with other fields, and AND alone.</summary>
public static class ExperimentFilter
{
    private static readonly string[] s_times = ["creation_time", "last_update_time"];
    private static readonly string[] s_orders = ["name", "experiment_id", .. s_times];

    /// <summary>Reads a filter.</summary>
    /// <param name="text">The text; white space alone is no condition.</param>
    /// <exception cref="FilterException">The text is no such filter.</exception>
    public static IReadOnlyList<ExperimentTerm> Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return FilterParser.ParseSyntax(text) is { } syntax ? [.. Terms(syntax)] : [];
    }

    /// <summary>Reads an order, such as <c>creation_time DESC</c>.</summary>
    /// <param name="text">A field, and ASC or DESC.</param>
    /// <exception cref="FilterException">It is no order.</exception>
    public static (string Field, bool Descending) ParseOrder(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var (token, descending) = FilterParser.OrderTokens(text);
        var (entity, key) = Name(token);
        return entity.Length == 0 && s_orders.Contains(key) ? (key, descending)
            : throw new FilterException($"Expected one of {string.Join(", ", s_orders)}, found '{key}'.", 0, token.Span.Length) { Part = FilterPart.Order };
    }

    private static IEnumerable<ExperimentTerm> Terms(FilterSyntax syntax) => syntax switch
    {
        JoinSyntax { IsOr: false } and => Terms(and.Left).Concat(Terms(and.Right)),
        TestSyntax { Test: CompareTest compare } test => [Term(test.Field, compare)],
        TestSyntax test => throw FilterParser.Fault(test.Field, "Experiments are compared by =, !=, >, >=, <, <=, LIKE and ILIKE only."),
        _ => throw new FilterException("Conditions on experiments are joined by AND only.", 0),
    };

    private static ExperimentTerm Term(Token<FilterToken> field, CompareTest test)
    {
        var (entity, key) = Name(field);
        var op = test.Operator.ToStringValue().ToUpperInvariant();
        if (entity.Length == 0 && s_times.Contains(key))
        {
            var isTime = test.Value.Kind == FilterToken.Number && op is not ("LIKE" or "ILIKE" or "RLIKE");
            if (isTime && double.TryParse(test.Value.ToStringValue(), NumberStyles.Float, CultureInfo.InvariantCulture, out var time) && Math.Abs(time) < 253_402_300_799_999) return new(key, op, (long)time);
            throw FilterParser.Fault(test.Value, $"{key} compares with milliseconds since 1970, by =, !=, >, >=, < or <=.");
        }
        if (entity.Length == 0 && key != "name") throw FilterParser.Fault(field, $"Experiments have no field '{key}'. Expected name, creation_time, last_update_time or tags.KEY.");
        if (op is not ("=" or "!=" or "LIKE" or "ILIKE")) throw FilterParser.Fault(test.Operator, $"'{op}' is not for texts of experiments, which take =, !=, LIKE and ILIKE.");
        return test.Value.Kind is FilterToken.SingleQuoted or FilterToken.DoubleQuoted
            ? new(entity.Length == 0 ? key : $"tags.{key}", op, FilterTokenizer.Unquote(test.Value.ToStringValue()))
            : throw FilterParser.Fault(test.Value, $"Expected a text in quotes after '{op}', found '{test.Value.ToStringValue()}'.");
    }

    /// <summary>A field, and whether it is a tag.</summary>
    private static (string Entity, string Key) Name(Token<FilterToken> token)
    {
        var name = FilterTokenizer.NameOf(token);
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        var entity = dot < 0 ? "" : name[..dot].ToLowerInvariant();
        return entity switch
        {
            "tag" or "tags" => ("tags", name[(dot + 1)..]),
            "attribute" or "attributes" or "attr" => ("", name[(dot + 1)..]),
            _ => ("", name),
        };
    }
}
