using Superpower;
using Superpower.Model;

namespace Tracker.Domain;

/// <summary>Reads the language in which lists of runs are filtered: MLflow's, and more. docs/filters.md describes it.</summary>
public static class FilterParser
{
    /// <summary>The most characters of a filter.</summary>
    public const int MaxLength = 4000;

    /// <summary>The most parentheses and negations within each other.</summary>
    public const int MaxDepth = 20;

    /// <summary>The most comparisons of a filter.</summary>
    public const int MaxTerms = 100;

    /// <summary>Reads a filter.</summary>
    /// <param name="text">The text; white space alone is no filter.</param>
    /// <returns>The filter, or <see langword="null"/> for none.</returns>
    /// <exception cref="FilterException">The text is no filter.</exception>
    public static FilterExpression? Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return ParseSyntax(text) is { } syntax ? FilterBinder.Bind(syntax) : null;
    }

    /// <summary>Reads the name of a field, as a filter or an order writes it.</summary>
    /// <param name="text">The name, such as <c>batch</c> or <c>metrics.`val acc`</c>.</param>
    /// <exception cref="FilterException">There is no such field.</exception>
    public static FilterField ParseField(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        CheckText(text);
        var tokens = FilterTokenizer.Instance.Tokenize(text).ToArray();
        return tokens is [{ Kind: FilterToken.Name or FilterToken.BackTicked or FilterToken.DoubleQuoted } name]
            ? FilterBinder.Field(name)
            : throw new FilterException(tokens.Length == 0 ? "Expected a field." : $"Expected one field, found '{text}'.", 0, text.Length);
    }

    /// <summary>Reads a field with its direction, such as <c>metrics.loss DESC</c>; smallest first without one.</summary>
    /// <param name="text">The field, and ASC or DESC.</param>
    /// <exception cref="FilterException">It is no order.</exception>
    public static (FilterField Field, bool Descending) ParseOrder(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        try
        {
            var (token, descending) = OrderTokens(text);
            return (FilterBinder.Field(token), descending);
        }
        catch (FilterException e)
        {
            throw new FilterException(e.Message, e.Position, e.Length) { Part = FilterPart.Order };
        }
    }

    /// <summary>The word of a field and whether the largest comes first.</summary>
    internal static (Token<FilterToken> Field, bool Descending) OrderTokens(string text)
    {
        CheckText(text);
        var tokens = FilterTokenizer.Instance.Tokenize(text).ToArray();
        var direction = tokens.Length == 2 ? tokens[1].ToStringValue().ToUpperInvariant() : "ASC";
        if (tokens.Length is 1 or 2 && tokens[0].Kind is FilterToken.Name or FilterToken.BackTicked or FilterToken.DoubleQuoted && direction is "ASC" or "DESC")
            return (tokens[0], direction == "DESC");
        throw new FilterException($"Expected a field with or without ASC or DESC, found '{text}'.", 0, text.Length) { Part = FilterPart.Order };
    }

    /// <summary>The syntax of a filter, its fields and values not looked at yet; <see langword="null"/> for none.</summary>
    internal static FilterSyntax? ParseSyntax(string text)
    {
        CheckText(text);
        var tokens = FilterTokenizer.Instance.Tokenize(text).ToArray();
        if (tokens.Length == 0) return null;
        // MLflow takes an AND with nothing after it, and a filter that is being typed has one.
        if (tokens.Length > 1 && tokens[^1].Kind == FilterToken.And) tokens = tokens[..^1];
        CheckSize(tokens);
        CheckWords(tokens, text);
        var result = FilterGrammar.Filter.TryParse(new TokenList<FilterToken>(tokens));
        return result.HasValue ? result.Value : throw new FilterException("This is no filter.", 0, text.Length);
    }

    /// <summary>Reads names of fields with commas between them.</summary>
    /// <param name="text">The names, such as <c>id, batch, metrics.`a, b`</c>.</param>
    /// <exception cref="FilterException">One is none, or there are none.</exception>
    public static IReadOnlyList<FilterField> ParseFields(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        CheckText(text);
        var fields = new List<FilterField>();
        var isField = true;
        foreach (var token in FilterTokenizer.Instance.Tokenize(text))
        {
            var fits = isField ? token.Kind is FilterToken.Name or FilterToken.BackTicked or FilterToken.DoubleQuoted : token.Kind == FilterToken.Comma;
            if (!fits) throw Fault(token, $"Expected {(isField ? "a field" : "','")}, found '{token.ToStringValue()}'.");
            if (isField) fields.Add(FilterBinder.Field(token));
            isField = !isField;
        }
        return isField ? throw new FilterException("Expected a field.", text.Length) : fields;
    }

    private static void CheckText(string text)
    {
        if (text.Length > MaxLength)
            throw new FilterException($"A filter has at most {MaxLength:N0} characters, this one {text.Length:N0}.", MaxLength, text.Length - MaxLength);
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1])) i++;
            else if (text[i] == '\0' || char.IsSurrogate(text[i])) throw new FilterException("This is no character of a text.", i, 1);
        }
    }

    /// <summary>Comes before the grammar, which recurses.</summary>
    private static void CheckSize(Token<FilterToken>[] tokens)
    {
        var (depth, negations, terms) = (0, 0, 0);
        foreach (var token in tokens)
        {
            depth += token.Kind switch { FilterToken.Open => 1, FilterToken.Close => -1, _ => 0 };
            negations = token.Kind == FilterToken.Not ? negations + 1 : 0;
            if (token.Kind is FilterToken.Operator or FilterToken.Like or FilterToken.In or FilterToken.Is) terms++;
            if (depth + negations > MaxDepth) throw Fault(token, $"Parentheses and NOT go at most {MaxDepth} deep.");
            if (terms > MaxTerms) throw Fault(token, $"A filter has at most {MaxTerms} comparisons.");
        }
    }

    private static void CheckWords(Token<FilterToken>[] tokens, string text)
    {
        var places = new FilterPlaces();
        foreach (var token in tokens)
        {
            if (token.Kind == FilterToken.Unclosed) throw Fault(token, $"The quote {token.ToStringValue()[..1]} is never closed.");
            if (!places.TryTake(token)) throw Fault(token, $"Expected {places.Expected()}, found '{token.ToStringValue()}'.");
        }
        if (places.MayEnd) return;
        var end = text.AsSpan().TrimEnd().Length;
        throw new FilterException(
            places.Place == FilterPlace.Connector ? $"Expected ')': {Closing(places.Depth)}." : $"Expected {places.Expected()}; the filter ends there.", end);
    }

    private static string Closing(int depth) => depth == 1 ? "one '(' is never closed" : $"{depth} '(' are never closed";

    internal static FilterException Fault(Token<FilterToken> token, string message) => new(message, token.Span.Position.Absolute, token.Span.Length);
}
