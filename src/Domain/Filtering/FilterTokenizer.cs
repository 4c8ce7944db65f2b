using Superpower;
using Superpower.Model;

namespace Tracker.Domain;

/// <summary>The kinds of words of a filter.</summary>
internal enum FilterToken
{
    /// <summary>A field, or a word that stands where none may.</summary>
    Name,

    /// <summary>In back ticks: always a field.</summary>
    BackTicked,

    /// <summary>In double quotes: a field or a text, after the place.</summary>
    DoubleQuoted,

    /// <summary>In single quotes: always a text.</summary>
    SingleQuoted,
    Number,

    /// <summary>One of = != &gt; &gt;= &lt; &lt;=.</summary>
    Operator,
    Like,
    And,
    Or,
    Not,
    In,
    Is,
    Null,
    Open,
    Close,
    Comma,

    /// <summary>A quote that is never closed.</summary>
    Unclosed,

    /// <summary>A character that has no place in a filter.</summary>
    Stray,
}

/// <summary>Splits filters into words. It never fails: what fits nowhere becomes a word that the grammar does not take.</summary>
internal sealed class FilterTokenizer : Tokenizer<FilterToken>
{
    internal static readonly FilterTokenizer Instance = new();

    private static readonly Dictionary<string, FilterToken> s_keywords = new(StringComparer.OrdinalIgnoreCase)
    {
        ["and"] = FilterToken.And, ["or"] = FilterToken.Or, ["not"] = FilterToken.Not, ["in"] = FilterToken.In, ["is"] = FilterToken.Is,
        ["null"] = FilterToken.Null, ["like"] = FilterToken.Like, ["ilike"] = FilterToken.Like, ["rlike"] = FilterToken.Like,
    };

    /// <summary>Whether a key of metrics, parameters or tags needs no quotes.</summary>
    internal static bool IsBare(string key) => key.Length > 0 && key.All(IsNamePart);

    /// <summary>What a quoted word says: without its quotes, and with one quote where two stand for it.</summary>
    internal static string Unquote(string text)
    {
        var quote = text[0];
        return text[1..^1].Replace(new string(quote, 2), $"{quote}", StringComparison.Ordinal);
    }

    /// <summary>What a word for a field says, without its quotes.</summary>
    internal static string NameOf(Token<FilterToken> token)
    {
        var text = token.ToStringValue();
        if (token.Kind != FilterToken.Name) return Unquote(text);
        var quote = text.IndexOfAny(['`', '"']);
        return quote < 0 ? text : text[..quote] + Unquote(text[quote..]);
    }

    /// <inheritdoc />
    protected override IEnumerable<Result<FilterToken>> Tokenize(TextSpan span)
    {
        var rest = Trimmed(span);
        while (!rest.IsAtEnd)
        {
            var (kind, length) = Next(rest.Source.AsSpan(rest.Position.Absolute, rest.Length));
            var remainder = rest.Skip(length);
            yield return Result.Value(kind, rest, remainder);
            rest = Trimmed(remainder);
        }
    }

    private static TextSpan Trimmed(TextSpan span)
    {
        var length = 0;
        while (length < span.Length && char.IsWhiteSpace(span.Source![span.Position.Absolute + length])) length++;
        return span.Skip(length);
    }

    private static (FilterToken Kind, int Length) Next(ReadOnlySpan<char> text) => text[0] switch
    {
        '(' => (FilterToken.Open, 1),
        ')' => (FilterToken.Close, 1),
        ',' => (FilterToken.Comma, 1),
        '=' => (FilterToken.Operator, 1),
        '>' or '<' => (FilterToken.Operator, text.Length > 1 && text[1] == '=' ? 2 : 1),
        '!' when text.Length > 1 && text[1] == '=' => (FilterToken.Operator, 2),
        '\'' => Closed(FilterToken.SingleQuoted, text, 0),
        '"' => Closed(FilterToken.DoubleQuoted, text, 0),
        '`' => Closed(FilterToken.BackTicked, text, 0),
        '-' or '.' or (>= '0' and <= '9') => Number(text),
        var c when char.IsLetter(c) || c == '_' => Name(text),
        _ => (FilterToken.Stray, 1),
    };

    /// <summary>A word up to the quote that closes it; a doubled quote does not.</summary>
    private static (FilterToken Kind, int Length) Closed(FilterToken kind, ReadOnlySpan<char> text, int start)
    {
        for (var i = start + 1; i < text.Length; i++)
        {
            if (text[i] != text[start]) continue;
            if (i + 1 == text.Length || text[i + 1] != text[start]) return (kind, i + 1);
            i++;
        }
        return (FilterToken.Unclosed, text.Length);
    }

    private static (FilterToken Kind, int Length) Name(ReadOnlySpan<char> text)
    {
        var length = NameLength(text, 0);
        if (text[length - 1] == '.' && length < text.Length && text[length] is '`' or '"') return Closed(FilterToken.Name, text, length);
        return (s_keywords.GetValueOrDefault(text[..length].ToString(), FilterToken.Name), length);
    }

    private static (FilterToken Kind, int Length) Number(ReadOnlySpan<char> text)
    {
        var end = text[0] == '-' ? 1 : 0;
        var start = end;
        end += Digits(text, end);
        var digits = end - start;
        if (end < text.Length && text[end] == '.')
        {
            var fraction = Digits(text, end + 1);
            digits += fraction;
            end += 1 + fraction;
        }
        if (digits == 0) return (FilterToken.Stray, 1);
        if (end < text.Length && text[end] is 'e' or 'E')
        {
            var sign = end + 1 < text.Length && text[end + 1] is '+' or '-' ? 2 : 1;
            var exponent = Digits(text, end + sign);
            if (exponent > 0) end += sign + exponent;
        }
        var word = NameLength(text, end);
        return word > 0 ? (FilterToken.Name, end + word) : (FilterToken.Number, end);
    }

    private static int Digits(ReadOnlySpan<char> text, int start) => Count(text, start, char.IsAsciiDigit);

    private static int NameLength(ReadOnlySpan<char> text, int start) => Count(text, start, IsNamePart);

    private static int Count(ReadOnlySpan<char> text, int start, Func<char, bool> fits)
    {
        var end = start;
        while (end < text.Length && fits(text[end])) end++;
        return end - start;
    }

    private static bool IsNamePart(char c) => char.IsLetterOrDigit(c) || c is '_' or '.' or '/' or '-' or ':';
}
