using System.Globalization;
using Superpower.Model;

namespace Tracker.Domain;

/// <summary>Finds the fields of a filter and gives its values their kinds.</summary>
internal static class FilterBinder
{
    internal static FilterExpression Bind(FilterSyntax syntax) => syntax switch
    {
        JoinSyntax { IsOr: true } or => new FilterOr(Bind(or.Left), Bind(or.Right)),
        JoinSyntax and => new FilterAnd(Bind(and.Left), Bind(and.Right)),
        NotSyntax not => new FilterNot(Bind(not.Inner)),
        TestSyntax test => Bind(Field(test.Field), test.Test),
        _ => throw new ArgumentOutOfRangeException(nameof(syntax), syntax.GetType(), "There is no such syntax."),
    };

    internal static FilterField Field(Token<FilterToken> token) =>
        FilterFields.TryFind(FilterTokenizer.NameOf(token), out var field, out var error) ? field : throw FilterParser.Fault(token, error);

    private static FilterExpression Bind(FilterField field, TestOfField test)
    {
        switch (test)
        {
            case NullTest missing:
                return new FilterPresence(field, missing.Missing);
            case ListTest list:
                return new FilterMembership(field, [.. list.Values.Select(v => Value(field, list.In, FilterOperator.Equal, v))], list.Negated);
            case CompareTest compare:
                var op = Operator(compare.Operator);
                CheckOperator(field, op, compare.Operator);
                return new FilterComparison(field, op, Value(field, compare.Operator, op, compare.Value));
            default:
                throw new ArgumentOutOfRangeException(nameof(test), test.GetType(), "There is no such test.");
        }
    }

    private static FilterOperator Operator(Token<FilterToken> token) => token.ToStringValue().ToUpperInvariant() switch
    {
        "=" => FilterOperator.Equal,
        "!=" => FilterOperator.NotEqual,
        ">" => FilterOperator.Greater,
        ">=" => FilterOperator.GreaterOrEqual,
        "<" => FilterOperator.Less,
        "<=" => FilterOperator.LessOrEqual,
        "LIKE" => FilterOperator.Like,
        "ILIKE" => FilterOperator.ILike,
        _ => FilterOperator.RLike,
    };

    private static void CheckOperator(FilterField field, FilterOperator op, Token<FilterToken> token)
    {
        var (isOrder, isPattern) = (IsOrder(op), IsPattern(op));
        if (isOrder && field.Kind is (FilterKind.Text or FilterKind.Texts))
            throw FilterParser.Fault(token, $"'{token.ToStringValue()}' compares numbers and times; {field.Name} is a text, which takes =, !=, LIKE, ILIKE, RLIKE, IN and NOT IN.");
        if (isPattern && field.Kind is (FilterKind.Number or FilterKind.Time) && !field.IsSetting)
            throw FilterParser.Fault(token, $"'{token.ToStringValue()}' compares texts; {field.Name} is a {(field.Kind == FilterKind.Time ? "time" : "number")}, which takes =, !=, >, >=, <, <=, IN and NOT IN.");
    }

    private static FilterValue Value(FilterField field, Token<FilterToken> after, FilterOperator op, Token<FilterToken> token)
    {
        var value = (token.Kind, field.Kind) switch
        {
            _ when IsPattern(op) => IsText(token) ? new FilterString(FilterTokenizer.Unquote(token.ToStringValue())) : null,
            (FilterToken.Number, FilterKind.Number or FilterKind.Any) => Number(token),
            (FilterToken.Number, FilterKind.Time) => Milliseconds(token),
            (FilterToken.SingleQuoted or FilterToken.DoubleQuoted, var kind) => OfText(field, kind, op, token),
            _ => null,
        };
        if (value is not null) return value;
        var expected = IsPattern(op) ? "a text in quotes" : IsOrder(op) && field.Kind == FilterKind.Any ? "a number" : FilterPlaces.Value(field);
        throw FilterParser.Fault(token, $"Expected {expected} after '{after.ToStringValue()}', found {Found(token)}.");
    }

    private static string Found(Token<FilterToken> token) => IsText(token) ? token.ToStringValue() : $"'{token.ToStringValue()}'";

    private static FilterValue? OfText(FilterField field, FilterKind kind, FilterOperator op, Token<FilterToken> token)
    {
        var text = FilterTokenizer.Unquote(token.ToStringValue());
        return kind switch
        {
            FilterKind.Text or FilterKind.Texts => new FilterString(Word(field, text, token)),
            // MLflow's parameters are texts: its clients can ask for the number that a setting is in no other way.
            FilterKind.Any when !IsOrder(op) => FilterFields.SettingOf(field)?.Kind == FilterKind.Number && TryNumber(text, out var number) ? new FilterNumber(number) : new FilterString(text),
            FilterKind.Time => Moment(text),
            _ => null,
        };
    }

    /// <summary>The word of a field as the product writes it, whatever the case of its letters here.</summary>
    private static string Word(FilterField field, string text, Token<FilterToken> token) =>
        field.Words.FirstOrDefault(w => w.Equals(text, StringComparison.OrdinalIgnoreCase))
        ?? (field.Closed ? throw FilterParser.Fault(token, $"Expected one of {string.Join(", ", field.Words)}, found '{text}'.") : text);

    private static FilterNumber Number(Token<FilterToken> token) =>
        TryNumber(token.ToStringValue(), out var number) ? new(number) : throw FilterParser.Fault(token, $"{token.ToStringValue()} is too large.");

    private static bool TryNumber(string text, out double number) =>
        double.TryParse(text, NumberStyles.Float & ~NumberStyles.AllowLeadingWhite & ~NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out number)
        && double.IsFinite(number);

    private static FilterTime Milliseconds(Token<FilterToken> token)
    {
        var milliseconds = Number(token).Value;
        if (milliseconds < -62_135_596_800_000 || milliseconds > 253_402_300_799_999) throw FilterParser.Fault(token, $"{token.ToStringValue()} ms lies beyond the calendar.");
        return new(DateTimeOffset.FromUnixTimeMilliseconds((long)milliseconds));
    }

    /// <summary>A date, a moment (of UTC where it names no zone), or an age such as -7d.</summary>
    private static FilterValue? Moment(string text)
    {
        if (text.StartsWith('-')) return Age(text[1..]);
        var moment = default(DateTimeOffset);
        var isMoment = text.Length >= 10 && char.IsAsciiDigit(text[0]) && text[4] == '-' && text[7] == '-'
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out moment);
        return isMoment ? new FilterTime(moment) : null;
    }

    private static FilterAge? Age(string text)
    {
        if (text.Length is < 2 or > 10 || !long.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var count)) return null;
        var seconds = char.ToLowerInvariant(text[^1]) switch { 's' => 1, 'm' => 60, 'h' => 3600, 'd' => 86_400, 'w' => 604_800, _ => 0 };
        return seconds > 0 && count * seconds <= 86_400L * 365 * 100 ? new(TimeSpan.FromSeconds(count * seconds)) : null;
    }

    private static bool IsText(Token<FilterToken> token) => token.Kind is FilterToken.SingleQuoted or FilterToken.DoubleQuoted;

    private static bool IsOrder(FilterOperator op) =>
        op is FilterOperator.Greater or FilterOperator.GreaterOrEqual or FilterOperator.Less or FilterOperator.LessOrEqual;

    private static bool IsPattern(FilterOperator op) => op is FilterOperator.Like or FilterOperator.ILike or FilterOperator.RLike;
}
