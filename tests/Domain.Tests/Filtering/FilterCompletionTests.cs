namespace Tracker.Domain.Tests;

public class FilterCompletionTests
{
    private static readonly string[] s_fields = ["id", "network", "batch", "small_batch", "state", "created", "metrics.validation/accuracy", "metrics.`val acc`", "tags"];

    /// <summary>The caret is where the bar is.</summary>
    [Theory]
    [InlineData("|", "id network batch small_batch state created metrics.validation/accuracy metrics.`val acc` tags NOT (")]
    [InlineData("bat|", "batch small_batch")]
    [InlineData("acc|", "metrics.validation/accuracy metrics.`val acc`")]
    [InlineData("metrics.v|", "metrics.validation/accuracy")]
    [InlineData("net|", "network")]
    [InlineData("no|", "NOT")]
    [InlineData("batch |", ">= <= = != > < IN_( NOT_IN_( IS_NULL IS_NOT_NULL")]
    [InlineData("batch is|", "IS_NULL IS_NOT_NULL")]
    [InlineData("batch is |", "NULL NOT_NULL")]
    [InlineData("batch is not|", "NOT_NULL")]
    [InlineData("batch not |", "IN_(")]
    [InlineData("network |", "= != IN_( NOT_IN_( LIKE ILIKE RLIKE IS_NULL IS_NOT_NULL")]
    [InlineData("state = |", "'Queued' 'Starting' 'Running' 'Paused' 'Succeeded' 'Failed' 'Cancelled'")]
    [InlineData("state = 's|", "'Starting' 'Succeeded'")]
    [InlineData("state = S|", "'Starting' 'Succeeded'")]
    [InlineData("state in ('Failed', 'C|", "'Cancelled'")]
    [InlineData("state in ('Failed'|", ", )")]
    [InlineData("created > |", "'-1h' '-1d' '-7d' '-30d'")]
    [InlineData("batch = 64 |", "AND OR")]
    [InlineData("(batch = 64 |", "AND OR )")]
    [InlineData("batch = 64 a|", "AND")]
    [InlineData("batch = 64 and |batch", "id network batch small_batch state created metrics.validation/accuracy metrics.`val acc` tags NOT (")]
    [InlineData("batch = 64 ; |", "")]
    public void What_may_stand_at_the_caret_is_suggested(string text, string suggestions)
    {
        var found = At(text).Suggestions.Select(s => s.Text.Replace(' ', '_'));
        string.Join(' ', found).Replace("val_acc", "val acc", StringComparison.Ordinal).ShouldBe(suggestions);
    }

    [Theory]
    [InlineData("network = |", "network", "")]
    [InlineData("network = 'f|", "network", "f")]
    [InlineData("network in ('f1', \"c|", "network", "c")]
    [InlineData("batch >= 10|", "batch", "10")]
    [InlineData("params.own = |", "params.own", "")]
    [InlineData("tags = 'b|", "tags", "b")]
    [InlineData("state = |", null, "")]
    [InlineData("metrics.a > |", null, "")]
    [InlineData("created > |", null, "")]
    [InlineData("unknown = |", null, "")]
    [InlineData("batch |", null, "")]
    public void Values_of_a_field_are_to_be_fetched_where_one_may_stand(string text, string? field, string typed)
    {
        var found = At(text);
        (found.ValuesOf?.Name, found.Typed).ShouldBe((field, typed));
    }

    [Theory]
    [InlineData("bat|", "batch", "batch |")]
    [InlineData("bat|ch_ >= 3", "batch", "batch |>= 3")]
    [InlineData("seed = 1 and ba| and batch = 2", "batch", "seed = 1 and batch |and batch = 2")]
    [InlineData("network = 'f|1' and seed = 1", "'f1'", "network = 'f1' |and seed = 1")]
    [InlineData("network = 'f| and seed = 1", "'f1'", "network = 'f1' |and seed = 1")]
    [InlineData("network =|", "'f1'", "network = 'f1' |")]
    [InlineData("network |", "IN (", "network IN (|")]
    [InlineData("network IN (|", "'f1'", "network IN ('f1' |")]
    [InlineData("network IN ('f1'|", ")", "network IN ('f1') |")]
    public void A_suggestion_takes_the_place_of_the_word_that_is_typed(string text, string suggestion, string result)
    {
        var (taken, caret) = At(text).Take(text.Replace("|", "", StringComparison.Ordinal), new(suggestion, FilterSuggestionKind.Value));
        taken.Insert(caret, "|").ShouldBe(result);
    }

    [Fact]
    public void Fetched_values_come_first_as_the_filter_writes_them()
    {
        At("network = |").With(["f1", "it's"]).Suggestions.Take(3).Select(s => s.Text).ShouldBe(["'f1'", "'it''s'", FilterFields.Find("network")!.Words.Where(w => w != "f1").Select(w => $"'{w}'").First()]);
        At("batch = |").With(["64", "128"]).Suggestions.Select(s => s.Text).ShouldBe(["64", "128"]);
        At("batch |").With(["64"]).Suggestions.ShouldNotContain(s => s.Text == "64");
    }

    [Fact]
    public void Any_caret_in_any_text_has_an_answer()
    {
        const string Text = "network = 'f1' and batch in (64, 128) or metrics.`val acc` is not null; \"x";
        for (var caret = -1; caret <= Text.Length + 1; caret++)
        {
            var found = FilterCompletion.At(Text, caret, s_fields);
            (found.Start + found.Length).ShouldBeInRange(0, Text.Length);
        }
    }

    private static FilterCompletion At(string text) =>
        FilterCompletion.At(text.Replace("|", "", StringComparison.Ordinal), text.IndexOf('|', StringComparison.Ordinal), s_fields);
}
