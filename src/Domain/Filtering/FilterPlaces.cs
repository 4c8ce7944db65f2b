using Superpower.Model;

namespace Tracker.Domain;

/// <summary>Where in a filter a word stands: what may stand there.</summary>
internal enum FilterPlace
{
    Operand,
    Operator,
    Value,
    ListOpen,
    ListValue,
    ListNext,
    AfterIs,
    AfterIsNot,
    AfterNot,
    Connector,
}

/// <summary>
/// What may stand next, word for word. The grammar makes the tree; this tells people what was expected, which combinators only know as
/// alternatives that failed, and serves completion, where the text is never whole.
/// </summary>
internal sealed class FilterPlaces
{
    /// <summary>The place of the next word.</summary>
    internal FilterPlace Place { get; private set; } = FilterPlace.Operand;

    /// <summary>How many parentheses are open.</summary>
    internal int Depth { get; private set; }

    /// <summary>The field of the comparison that is going on.</summary>
    internal string? Field { get; private set; }

    /// <summary>The word before.</summary>
    internal string Before { get; private set; } = "";

    /// <summary>Whether a filter may end here.</summary>
    internal bool MayEnd => Place == FilterPlace.Connector && Depth == 0;

    /// <summary>Goes on by a word, unless it may not stand here.</summary>
    internal bool TryTake(Token<FilterToken> token)
    {
        if (Next(token.Kind) is not { } next) return false;
        var isList = Place is FilterPlace.ListOpen or FilterPlace.ListNext;
        if (token.Kind == FilterToken.Open && !isList) Depth++;
        if (token.Kind == FilterToken.Close && !isList) Depth--;
        if (Place == FilterPlace.Operand) Field = next == FilterPlace.Operator ? FilterTokenizer.NameOf(token) : null;
        Place = next;
        Before = token.ToStringValue();
        return true;
    }

    /// <summary>What may stand here, in words.</summary>
    internal string Expected() => Place switch
    {
        FilterPlace.Operand => Before.Length == 0 ? "a field, NOT or '('" : $"a field, NOT or '(' after '{Before}'",
        FilterPlace.Operator => $"=, !=, >, >=, <, <=, LIKE, ILIKE, RLIKE, IN, NOT IN, IS NULL or IS NOT NULL after '{Before}'",
        FilterPlace.Value or FilterPlace.ListValue => $"{Value(FindField())} after '{Before}'",
        FilterPlace.ListOpen => $"a list such as ('a', 'b') after '{Before}'",
        FilterPlace.ListNext => $"',' or ')' after '{Before}'",
        FilterPlace.AfterIs => "NULL or NOT NULL after 'IS'",
        FilterPlace.AfterIsNot => "NULL after 'NOT'",
        FilterPlace.AfterNot => "IN after 'NOT'",
        _ => Depth > 0 ? $"AND, OR or ')' after '{Before}'" : $"AND or OR after '{Before}'",
    };

    /// <summary>What a field compares with, in words.</summary>
    internal static string Value(FilterField? field) => field?.Kind switch
    {
        FilterKind.Number => "a number",
        FilterKind.Text or FilterKind.Texts => "a text in quotes",
        FilterKind.Time => "a date such as '2026-11-01', milliseconds, or an age such as '-7d'",
        FilterKind.Any => "a number or a text in quotes",
        _ => "a value",
    };

    private FilterField? FindField() => Field is not null && FilterFields.TryFind(Field, out var field, out _) ? field : null;

    private FilterPlace? Next(FilterToken token) => (Place, token) switch
    {
        (FilterPlace.Operand, FilterToken.Not or FilterToken.Open) => FilterPlace.Operand,
        (FilterPlace.Operand, FilterToken.Name or FilterToken.BackTicked or FilterToken.DoubleQuoted) => FilterPlace.Operator,
        (FilterPlace.Operator, FilterToken.Operator or FilterToken.Like) => FilterPlace.Value,
        (FilterPlace.Operator, FilterToken.In) => FilterPlace.ListOpen,
        (FilterPlace.Operator, FilterToken.Not) => FilterPlace.AfterNot,
        (FilterPlace.Operator, FilterToken.Is) => FilterPlace.AfterIs,
        (FilterPlace.AfterNot, FilterToken.In) => FilterPlace.ListOpen,
        (FilterPlace.AfterIs, FilterToken.Not) => FilterPlace.AfterIsNot,
        (FilterPlace.AfterIs or FilterPlace.AfterIsNot, FilterToken.Null) => FilterPlace.Connector,
        (FilterPlace.Value, var value) when IsValue(value) => FilterPlace.Connector,
        (FilterPlace.ListOpen, FilterToken.Open) => FilterPlace.ListValue,
        (FilterPlace.ListValue, var value) when IsValue(value) => FilterPlace.ListNext,
        (FilterPlace.ListNext, FilterToken.Comma) => FilterPlace.ListValue,
        (FilterPlace.ListNext, FilterToken.Close) => FilterPlace.Connector,
        (FilterPlace.Connector, FilterToken.And or FilterToken.Or) => FilterPlace.Operand,
        (FilterPlace.Connector, FilterToken.Close) when Depth > 0 => FilterPlace.Connector,
        _ => null,
    };

    /// <summary>A bare word is taken as a value here, and refused where the field's kind is known and can be named.</summary>
    private static bool IsValue(FilterToken token) =>
        token is FilterToken.SingleQuoted or FilterToken.DoubleQuoted or FilterToken.Number or FilterToken.Name;
}
