using System.Text.RegularExpressions;

namespace Tracker.Web.Views.Grid;

/// <summary>Conditions of the form <c>field = 'value'</c> and <c>field in ('a', 'b')</c> that are put into a filter and taken out by a click.</summary>
public static partial class QuickFilter
{
    /// <summary>The values that the filter asks for of a field; empty where it does not restrict the field in this form.</summary>
    public static IReadOnlyList<string> Values(string filter, string field) =>
        Conjuncts.Split(filter).Select(condition => Read(condition, field)).FirstOrDefault(values => values is not null) ?? [];

    /// <summary>The filter with other values for the field, the rest as it was; without values the field is not restricted.</summary>
    public static string With(string filter, string field, IReadOnlyList<string> values)
    {
        var condition = values switch
        {
            [] => "",
            [var one] => $"{field} = {Quoted(one)}",
            _ => $"{field} in ({string.Join(", ", values.Select(Quoted))})",
        };
        var parts = Conjuncts.Split(filter).ToList();
        var at = parts.FindIndex(part => Read(part, field) is not null);
        if (at < 0)
            return Filters.And(filter.Trim(), condition);
        if (condition.Length > 0)
            parts[at] = condition;
        else
            parts.RemoveAt(at);
        return string.Join(" and ", parts);
    }

    /// <summary>The filter with the value asked for besides the others of the field, or no longer.</summary>
    public static string Toggled(string filter, string field, string value)
    {
        var values = Values(filter, field);
        return With(filter, field, values.Contains(value) ? [.. values.Where(other => other != value)] : [.. values, value]);
    }

    private static List<string>? Read(string condition, string field)
    {
        var match = Condition().Match(condition);
        if (!match.Success || !match.Groups["field"].Value.Equals(field, StringComparison.OrdinalIgnoreCase))
            return null;
        return [.. match.Groups["value"].Captures.Select(capture => Unquoted(capture.Value))];
    }

    // Within quotes, two of them stand for one.
    private static string Quoted(string value) => $"'{value.Replace("'", "''", StringComparison.Ordinal)}'";

    private static string Unquoted(string text) => text[1..^1].Replace(new string(text[0], 2), text[..1], StringComparison.Ordinal);

    [GeneratedRegex("""^(?<field>[\w.]+)\s*(=\s*(?<value>'([^']|'')*'|"([^"]|"")*")|in\s*\(\s*(?<value>'([^']|'')*'|"([^"]|"")*")(\s*,\s*(?<value>'([^']|'')*'|"([^"]|"")*"))*\s*\))$""", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 200)]
    private static partial Regex Condition();
}
