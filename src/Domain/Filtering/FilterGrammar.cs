using Superpower;
using Superpower.Model;
using Superpower.Parsers;

namespace Tracker.Domain;

/// <summary>A filter as it was written.</summary>
internal abstract record FilterSyntax;

/// <summary>Two parts joined by AND or OR.</summary>
internal sealed record JoinSyntax(bool IsOr, FilterSyntax Left, FilterSyntax Right) : FilterSyntax;

/// <summary>A part that is negated.</summary>
internal sealed record NotSyntax(FilterSyntax Inner) : FilterSyntax;

/// <summary>A field with what is said of it.</summary>
internal sealed record TestSyntax(Token<FilterToken> Field, TestOfField Test) : FilterSyntax;

/// <summary>What is said of a field.</summary>
internal abstract record TestOfField;

/// <summary>It compares with a value.</summary>
internal sealed record CompareTest(Token<FilterToken> Operator, Token<FilterToken> Value) : TestOfField;

/// <summary>It is one of several values.</summary>
internal sealed record ListTest(Token<FilterToken> In, Token<FilterToken>[] Values, bool Negated) : TestOfField;

/// <summary>The run lacks it, or has it.</summary>
internal sealed record NullTest(bool Missing) : TestOfField;

/// <summary>
/// <c>filter = all (OR all)*; all = part (AND part)*; part = NOT part | '(' filter ')' | field test</c>.
/// </summary>
internal static class FilterGrammar
{
    private static readonly TokenListParser<FilterToken, Token<FilterToken>> s_field =
        Token.EqualTo(FilterToken.Name).Or(Token.EqualTo(FilterToken.BackTicked)).Or(Token.EqualTo(FilterToken.DoubleQuoted));

    private static readonly TokenListParser<FilterToken, Token<FilterToken>> s_value =
        Token.EqualTo(FilterToken.SingleQuoted).Or(Token.EqualTo(FilterToken.DoubleQuoted)).Or(Token.EqualTo(FilterToken.Number)).Or(Token.EqualTo(FilterToken.Name));

    private static readonly TokenListParser<FilterToken, TestOfField> s_compare =
        from op in Token.EqualTo(FilterToken.Operator).Or(Token.EqualTo(FilterToken.Like))
        from value in s_value
        select (TestOfField)new CompareTest(op, value);

    private static readonly TokenListParser<FilterToken, Token<FilterToken>[]> s_list =
        s_value.AtLeastOnceDelimitedBy(Token.EqualTo(FilterToken.Comma)).Between(Token.EqualTo(FilterToken.Open), Token.EqualTo(FilterToken.Close));

    private static readonly TokenListParser<FilterToken, TestOfField> s_in =
        from word in Token.EqualTo(FilterToken.In)
        from values in s_list
        select (TestOfField)new ListTest(word, values, Negated: false);

    private static readonly TokenListParser<FilterToken, TestOfField> s_notIn =
        from not in Token.EqualTo(FilterToken.Not)
        from word in Token.EqualTo(FilterToken.In)
        from values in s_list
        select (TestOfField)new ListTest(word, values, Negated: true);

    private static readonly TokenListParser<FilterToken, TestOfField> s_null =
        Token.EqualTo(FilterToken.Is).IgnoreThen(
            Token.EqualTo(FilterToken.Null).Value((TestOfField)new NullTest(Missing: true))
                .Or(Token.EqualTo(FilterToken.Not).IgnoreThen(Token.EqualTo(FilterToken.Null)).Value((TestOfField)new NullTest(Missing: false))));

    private static readonly TokenListParser<FilterToken, FilterSyntax> s_test =
        from field in s_field
        from test in s_compare.Or(s_in).Or(s_notIn).Or(s_null)
        select (FilterSyntax)new TestSyntax(field, test);

    private static readonly TokenListParser<FilterToken, FilterSyntax> s_part =
        Token.EqualTo(FilterToken.Not).IgnoreThen(Parse.Ref(() => s_part!)).Select(inner => (FilterSyntax)new NotSyntax(inner))
            .Or(Parse.Ref(() => s_any!).Between(Token.EqualTo(FilterToken.Open), Token.EqualTo(FilterToken.Close)))
            .Or(s_test);

    private static readonly TokenListParser<FilterToken, FilterSyntax> s_all =
        Parse.Chain(Token.EqualTo(FilterToken.And), s_part, (_, left, right) => new JoinSyntax(IsOr: false, left, right));

    private static readonly TokenListParser<FilterToken, FilterSyntax> s_any =
        Parse.Chain(Token.EqualTo(FilterToken.Or), s_all, (_, left, right) => new JoinSyntax(IsOr: true, left, right));

    /// <summary>A whole filter.</summary>
    internal static readonly TokenListParser<FilterToken, FilterSyntax> Filter = s_any.AtEnd();
}
