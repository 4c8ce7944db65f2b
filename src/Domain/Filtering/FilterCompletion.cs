using System.Globalization;
using Superpower.Model;

namespace Tracker.Domain;

/// <summary>What may stand where somebody types in a filter.</summary>
/// <param name="Start">Where the word begins that is being typed.</param>
/// <param name="Length">How many characters a suggestion replaces.</param>
/// <param name="Typed">What of it is typed, without quotes.</param>
/// <param name="Suggestions">What may stand there, the likeliest first.</param>
/// <param name="ValuesOf">The field whose values may stand there and are known to the database alone: fetch them and hand them to <see cref="With"/>.</param>
public sealed record FilterCompletion(int Start, int Length, string Typed, IReadOnlyList<FilterSuggestion> Suggestions, FilterField? ValuesOf)
{
    /// <summary>The most suggestions at once.</summary>
    public const int MaxSuggestions = 50;

    private static readonly FilterSuggestion[] s_ages =
    [
        Value("'-1h'", "last hour"), Value("'-1d'", "last day"), Value("'-7d'", "last week"), Value("'-30d'", "last 30 days"),
    ];

    /// <summary>What may stand at a caret.</summary>
    /// <param name="text">The filter as far as it is typed.</param>
    /// <param name="caret">Where the caret is: characters before it.</param>
    /// <param name="fields">Names of the fields to suggest, as filters write them.</param>
    public static FilterCompletion At(string text, int caret, IEnumerable<string> fields)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(fields);
        caret = Math.Clamp(caret, 0, text.Length);
        var tokens = FilterTokenizer.Instance.Tokenize(text[..caret]).ToList();
        Token<FilterToken>? typing = tokens.Count > 0 && End(tokens[^1]) == caret && IsTyped(tokens[^1].Kind) ? tokens[^1] : null;
        if (typing is not null) tokens.RemoveAt(tokens.Count - 1);
        var places = new FilterPlaces();
        var start = typing?.Position.Absolute ?? caret;
        if (!tokens.TrueForAll(places.TryTake)) return new(start, 0, "", [], null);
        var typed = typing is { } word ? Typing(word) : "";
        var field = places.Field is { } name && FilterFields.TryFind(name, out var found, out _) ? found : null;
        var isValue = places.Place is FilterPlace.Value or FilterPlace.ListValue;
        return new(
            start, typing is null ? 0 : LengthAt(text, start, caret), typed, [.. Suggest(places, field, typed, fields).Take(MaxSuggestions)],
            isValue && field is { Closed: false, Entity: not FilterEntity.Metric, Kind: not FilterKind.Time } ? field : null);
    }

    /// <summary>The same with values that were fetched, most frequent first.</summary>
    /// <param name="values">The values, unquoted.</param>
    public FilterCompletion With(IEnumerable<string> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (ValuesOf is null) return this;
        var fetched = values.Select(v => ValuesOf.Kind == FilterKind.Number ? v : FilterText.Of(new FilterString(v))).Select(v => Value(v)).ToList();
        return this with
        {
            Suggestions = [.. fetched.Concat(Suggestions.Where(s => fetched.TrueForAll(f => f.Text != s.Text))).Take(MaxSuggestions)],
        };
    }

    /// <summary>The text with a suggestion taken, and where the caret is then.</summary>
    /// <param name="text">The text that was completed.</param>
    /// <param name="suggestion">The suggestion.</param>
    public (string Text, int Caret) Take(string text, FilterSuggestion suggestion)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(suggestion);
        var (before, after) = (text[..Start], text[(Start + Length)..]);
        var space = before.Length > 0 && before[^1] is not (' ' or '(') && suggestion.Text is not ("," or ")") ? " " : "";
        var taken = before + space + suggestion.Text;
        if (!suggestion.Text.EndsWith('(')) taken += after.StartsWith(' ') ? "" : " ";
        return (taken + after, taken.Length + (after.StartsWith(' ') && !suggestion.Text.EndsWith('(') ? 1 : 0));
    }

    private static IEnumerable<FilterSuggestion> Suggest(FilterPlaces places, FilterField? field, string typed, IEnumerable<string> fields) => places.Place switch
    {
        FilterPlace.Operand => Fields(fields, typed).Concat(Starting(typed, Connectors("NOT", "("))),
        FilterPlace.Operator => Starting(typed, Operators(field)),
        FilterPlace.Value or FilterPlace.ListValue => Starting(typed, Values(field)),
        FilterPlace.ListOpen => Starting(typed, Connectors("(")),
        FilterPlace.ListNext => Starting(typed, Connectors(",", ")")),
        FilterPlace.AfterIs => Starting(typed, Connectors("NULL", "NOT NULL")),
        FilterPlace.AfterIsNot => Starting(typed, Connectors("NULL")),
        FilterPlace.AfterNot => Starting(typed, Connectors("IN (")),
        _ => Starting(typed, places.Depth > 0 ? Connectors("AND", "OR", ")") : Connectors("AND", "OR")),
    };

    /// <summary>Fields that begin as typed before those that have a part that does, before those that hold it somewhere.</summary>
    private static IEnumerable<FilterSuggestion> Fields(IEnumerable<string> names, string typed) =>
        from name in names
        let title = FilterFields.Find(name)?.Title ?? ""
        let rank = Rank(name, typed) ?? (title.StartsWith(typed, StringComparison.OrdinalIgnoreCase) ? 3 : null)
        where rank is not null
        orderby rank
        select new FilterSuggestion(name, FilterSuggestionKind.Field, title.Equals(name, StringComparison.OrdinalIgnoreCase) ? "" : title);

    private static int? Rank(string name, string typed)
    {
        var at = name.IndexOf(typed, StringComparison.OrdinalIgnoreCase);
        return at < 0 ? null : at == 0 ? 0 : name[at - 1] is '.' or '/' or '_' or '`' ? 1 : 2;
    }

    private static IEnumerable<FilterSuggestion> Operators(FilterField? field)
    {
        string[] words = field switch
        {
            { Kind: FilterKind.Text or FilterKind.Texts } => ["=", "!=", "IN (", "NOT IN (", "LIKE", "ILIKE", "RLIKE", "IS NULL", "IS NOT NULL"],
            { Kind: FilterKind.Any } => ["=", "!=", ">", ">=", "<", "<=", "IN (", "NOT IN (", "LIKE", "ILIKE", "RLIKE", "IS NULL", "IS NOT NULL"],
            _ => [">=", "<=", "=", "!=", ">", "<", "IN (", "NOT IN (", "IS NULL", "IS NOT NULL"],
        };
        return words.Select(w => new FilterSuggestion(w, FilterSuggestionKind.Operator));
    }

    private static IEnumerable<FilterSuggestion> Values(FilterField? field) => field switch
    {
        { Kind: FilterKind.Time } => s_ages,
        { Words.Count: > 0 } => field.Words.Select(w => Value(FilterText.Of(new FilterString(w)))),
        _ => [],
    };

    private static FilterSuggestion Value(string text, string detail = "") => new(text, FilterSuggestionKind.Value, detail);

    private static IEnumerable<FilterSuggestion> Connectors(params string[] words) => words.Select(w => new FilterSuggestion(w, FilterSuggestionKind.Connector));

    private static IEnumerable<FilterSuggestion> Starting(string typed, IEnumerable<FilterSuggestion> suggestions) =>
        suggestions.Where(s => s.Text.TrimStart('\'').StartsWith(typed, true, CultureInfo.InvariantCulture));

    /// <summary>Whether a word that ends at the caret may go on; operators, parentheses and closed quotes are done.</summary>
    private static bool IsTyped(FilterToken kind) => kind is not (
        FilterToken.Operator or FilterToken.Open or FilterToken.Close or FilterToken.Comma or FilterToken.SingleQuoted or FilterToken.DoubleQuoted or FilterToken.BackTicked);

    private static string Typing(Token<FilterToken> token)
    {
        var text = token.ToStringValue();
        return token.Kind == FilterToken.Unclosed && text[0] is '\'' or '"' or '`' ? text[1..] : text;
    }

    private static int End(Token<FilterToken> token) => token.Position.Absolute + token.Span.Length;

    /// <summary>The whole word is replaced, also what of it stands after the caret; of a quote that is never closed only what is typed.</summary>
    private static int LengthAt(string text, int start, int caret)
    {
        var whole = FilterTokenizer.Instance.Tokenize(text).FirstOrDefault(t => t.Position.Absolute == start);
        return (whole is { Span.Length: > 0 } && whole.Kind != FilterToken.Unclosed && End(whole) >= caret ? End(whole) : caret) - start;
    }
}
