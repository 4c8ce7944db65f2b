using FsCheck;
using FsCheck.Fluent;
using Superpower.Model;

namespace Tracker.Domain.Tests;

public class FilterPropertyTests
{
    private static readonly Gen<string> s_text = Gen.Elements("f1", "it's", "a\"b", "`", "''", "", " x y ", "%_\\", "é∑🚀", "); DROP TABLE runs; --", "null", "-7d", "1e3");

    private static readonly Gen<string> s_key = Gen.Elements("loss", "validation/accuracy", "val acc", "a.b", "it`s", "and", "5", "x y.z", "naïve", "a'b\"c");

    private static readonly Gen<FilterField> s_field = Gen.OneOf(
        Gen.Elements([.. FilterFields.All]),
        s_key.Select(FilterField.Metric),
        s_key.Select(k => FilterField.Parameter("own " + k)),
        s_key.Select(FilterField.Tag));

    [Fact]
    public void A_filter_that_is_written_reads_back_as_it_was() => Properties.Check(Gen.Sized(size => Expression(Math.Min(size, 5))), expression =>
        FilterParser.Parse(expression.ToString()).ShouldBe(expression, expression.ToString()));

    /// <summary>Two descriptions of one language: the grammar that makes trees, and the places that tell what was expected.</summary>
    [Fact]
    public void Words_in_any_order_are_a_filter_to_the_grammar_exactly_when_every_word_may_stand_in_its_place()
    {
        var word = Gen.Elements("seed", "metrics.a", "`run name`", "=", ">", "LIKE", "IN", "NOT", "IS", "NULL", "AND", "OR", "(", ")", ",", "1", "'x'", "\"y\"", ";");
        Properties.Check(word.ListOf().Select(w => string.Join(' ', w)), text =>
        {
            var tokens = FilterTokenizer.Instance.Tokenize(text).ToArray();
            var places = new FilterPlaces();
            var stands = tokens.All(places.TryTake) && places.MayEnd;
            FilterGrammar.Filter(new TokenList<FilterToken>(tokens)).HasValue.ShouldBe(stands, text);
        });
    }

    [Fact]
    public void Any_text_is_a_filter_or_has_a_fault_within_it() => Properties.Check(
        Gen.Elements("metrics.", "'", "\"", "`", " ", "batch", ">=", "1", ".", "-", "e", "(", ")", "and", "\n", "é", "🚀", "\ud83d", ",", "in").ListOf().Select(string.Concat),
        text =>
        {
            try
            {
                FilterParser.Parse(text);
            }
            catch (FilterException e)
            {
                e.Position.ShouldBeInRange(0, text.Length);
                e.Length.ShouldBeInRange(0, text.Length - e.Position);
            }
        });

    private static Gen<FilterExpression> Expression(int depth)
    {
        var test = s_field.SelectMany(Test);
        if (depth == 0) return test;
        var inner = Expression(depth - 1);
        return Gen.Frequency(
            (3, test),
            (1, inner.Select(i => (FilterExpression)new FilterNot(i))),
            (2, inner.Zip(inner, (l, r) => (FilterExpression)new FilterAnd(l, r))),
            (2, inner.Zip(inner, (l, r) => (FilterExpression)new FilterOr(l, r))));
    }

    private static Gen<FilterExpression> Test(FilterField field)
    {
        var value = Value(field);
        return Gen.OneOf(
            value.SelectMany(v => Gen.Elements(Operators(field, v)).Select(op => (FilterExpression)new FilterComparison(field, op, v))),
            value.NonEmptyListOf().Zip(Gen.Elements(true, false), (v, n) => (FilterExpression)new FilterMembership(field, [.. v.Take(5)], n)),
            Gen.Elements(true, false).Select(m => (FilterExpression)new FilterPresence(field, m)));
    }

    private static FilterOperator[] Operators(FilterField field, FilterValue value) => (field.Kind, value) switch
    {
        (FilterKind.Number or FilterKind.Time, _) or (FilterKind.Any, FilterNumber) => [.. Enum.GetValues<FilterOperator>().Take(6)],
        _ when field.Closed => [FilterOperator.Equal, FilterOperator.NotEqual],
        _ => [FilterOperator.Equal, FilterOperator.NotEqual, FilterOperator.Like, FilterOperator.ILike, FilterOperator.RLike],
    };

    private static Gen<FilterValue> Value(FilterField field)
    {
        var number = Gen.OneOf(Gen.Elements(0.0, 1, -1e-3, 1e300, 0.1, 4096), Gen.Choose(-5000, 5000).Select(n => n / 7.0)).Select(n => (FilterValue)new FilterNumber(n));
        var text = (field.Words.Count > 0 ? Gen.Elements([.. field.Words]) : s_text).Select(t => (FilterValue)new FilterString(t));
        return field.Kind switch
        {
            FilterKind.Number => number,
            FilterKind.Any => Gen.OneOf(number, text),
            FilterKind.Time => Gen.OneOf(
                Gen.Choose(0, int.MaxValue).Select(s => (FilterValue)new FilterTime(DateTimeOffset.UnixEpoch.AddMilliseconds(s * 997L))),
                Gen.Choose(1, 1_000_000).Select(s => (FilterValue)new FilterAge(TimeSpan.FromSeconds(s * 60L)))),
            _ => text,
        };
    }
}
