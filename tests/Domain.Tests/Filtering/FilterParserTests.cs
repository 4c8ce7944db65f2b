namespace Tracker.Domain.Tests;

public class FilterParserTests
{
    [Theory]
    [InlineData("metrics.loss < 1 and params.bs = '64'", "metrics.loss < 1 AND params.bs = '64'")]
    [InlineData("metrics.`val acc` >= .5", "metrics.`val acc` >= 0.5")]
    [InlineData("metrics.\"val acc\" >= 0.5", "metrics.`val acc` >= 0.5")]
    [InlineData("tags.`mlflow.runName` LIKE 'bs%'", "name LIKE 'bs%'")]
    [InlineData("status != 'RUNNING'", "status != 'RUNNING'")]
    [InlineData("run_id IN ('abc','def')", "run_id IN ('abc', 'def')")]
    [InlineData("start_time > 1700000000000", "start_time > '2023-11-14T22:13:20Z'")]
    [InlineData("run_name ILIKE 'BS%'", "name ILIKE 'BS%'")]
    [InlineData("dataset.name = 'mnist'", "dataset.name = 'mnist'")]
    [InlineData("Created > 5", "created > '1970-01-01T00:00:00.005Z'")]
    [InlineData("metric.acc>0.9", "metrics.acc > 0.9")]
    [InlineData("params.a = ''", "params.a = ''")]
    [InlineData("metrics.loss < 1 and", "metrics.loss < 1")]
    [InlineData("attributes.`Run name` = 'x'", "name = 'x'")]
    public void What_MLflow_takes_is_taken(string text, string meaning) => Parse(text).ToString().ShouldBe(meaning);

    /// <summary>MLflow refuses these; here they have a meaning.</summary>
    [Theory]
    [InlineData("params.bs = 64")]
    [InlineData("params.bs IN ('64')")]
    [InlineData("metrics.a < 1 OR metrics.a > 2")]
    [InlineData("metrics.a < 1 AND (metrics.b > 2 OR metrics.c > 3)")]
    [InlineData("NOT metrics.a < 1")]
    [InlineData("params.a IS NULL")]
    public void What_MLflow_refuses_and_we_want_is_taken(string text) => Parse(text).ToString().ShouldBe(text);

    [Theory]
    [InlineData("attributes.start_time > '17'", 24, 4, "Expected a date such as '2026-11-01', milliseconds, or an age such as '-7d' after '>', found '17'.")]
    [InlineData("attributes.experiment_id = '1'", 0, 24, "There is no field 'attributes.experiment_id'. Metrics are written metrics.experiment_id, parameters params.experiment_id.")]
    [InlineData("metrics.loss < 'x'", 15, 3, "Expected a number after '<', found 'x'.")]
    [InlineData("metrics.a BETWEEN 1 AND 2", 10, 7, "Expected =, !=, >, >=, <, <=, LIKE, ILIKE, RLIKE, IN, NOT IN, IS NULL or IS NOT NULL after 'metrics.a', found 'BETWEEN'.")]
    [InlineData("metrics.a > 1; metrics.b > 2", 13, 1, "Expected AND or OR after '1', found ';'.")]
    [InlineData("batch >= abc", 9, 3, "Expected a number after '>=', found 'abc'.")]
    [InlineData("batch >= 'abc'", 9, 5, "Expected a number after '>=', found 'abc'.")]
    [InlineData("batch >= '64'", 9, 4, "Expected a number after '>=', found '64'.")]
    [InlineData("params.batch > '64'", 15, 4, "Expected a number after '>', found '64'.")]
    [InlineData("params.own > '64'", 13, 4, "Expected a number after '>', found '64'.")]
    [InlineData("batch >=", 8, 0, "Expected a number after '>='; the filter ends there.")]
    [InlineData("network = f1", 10, 2, "Expected a text in quotes after '=', found 'f1'.")]
    [InlineData("network = 1", 10, 1, "Expected a text in quotes after '=', found '1'.")]
    [InlineData("network > 'a'", 8, 1, "'>' compares numbers and times; network is a text, which takes =, !=, LIKE, ILIKE, RLIKE, IN and NOT IN.")]
    [InlineData("accuracy LIKE '0.9%'", 9, 4, "'LIKE' compares texts; accuracy is a number, which takes =, !=, >, >=, <, <=, IN and NOT IN.")]
    [InlineData("created LIKE '2026%'", 8, 4, "'LIKE' compares texts; created is a time, which takes =, !=, >, >=, <, <=, IN and NOT IN.")]
    [InlineData("state = 'Done'", 8, 6, "Expected one of Queued, Starting, Running, Paused, Succeeded, Failed, Cancelled, found 'Done'.")]
    [InlineData("bacth = 3", 0, 5, "There is no field 'bacth'. Did you mean 'batch'?")]
    [InlineData("batch = 3 and (seed = 1", 23, 0, "Expected ')': one '(' is never closed.")]
    [InlineData("batch = 3)", 9, 1, "Expected AND or OR after '3', found ')'.")]
    [InlineData("(batch = 3 seed = 1)", 11, 4, "Expected AND, OR or ')' after '3', found 'seed'.")]
    [InlineData("batch IN ()", 10, 1, "Expected a number after '(', found ')'.")]
    [InlineData("batch IN 3", 9, 1, "Expected a list such as ('a', 'b') after 'IN', found '3'.")]
    [InlineData("batch IN (1 2)", 12, 1, "Expected ',' or ')' after '1', found '2'.")]
    [InlineData("batch IN (1, 'b')", 13, 3, "Expected a number after 'IN', found 'b'.")]
    [InlineData("network = 'f1", 10, 3, "The quote ' is never closed.")]
    [InlineData("batch IS 3", 9, 1, "Expected NULL or NOT NULL after 'IS', found '3'.")]
    [InlineData("batch IS NOT 3", 13, 1, "Expected NULL after 'NOT', found '3'.")]
    [InlineData("batch NOT 3", 10, 1, "Expected IN after 'NOT', found '3'.")]
    [InlineData("and", 0, 3, "Expected a field, NOT or '(', found 'and'.")]
    [InlineData("or batch = 1", 0, 2, "Expected a field, NOT or '(', found 'or'.")]
    [InlineData("batch = 1 or", 12, 0, "Expected a field, NOT or '(' after 'or'; the filter ends there.")]
    [InlineData("metrics. > 1", 0, 8, "Expected a name after 'metrics.'.")]
    [InlineData("batch = 1e999", 8, 5, "1e999 is too large.")]
    [InlineData("created > 1e30", 10, 4, "1e30 ms lies beyond the calendar.")]
    [InlineData("batch = 64x", 8, 3, "Expected a number after '=', found '64x'.")]
    [InlineData("batch = \0", 8, 1, "This is no character of a text.")]
    public void A_fault_is_told_with_its_place(string text, int position, int length, string message)
    {
        var fault = Should.Throw<FilterException>(() => FilterParser.Parse(text));
        (fault.Message, fault.Position, fault.Length).ShouldBe((message, position, length));
    }

    [Theory]
    [InlineData("metrics.validation/accuracy > 0.9", "metrics.validation/accuracy > 0.9")]
    [InlineData("metrics.a.b-c/d:e_f > -1e-3", "metrics.a.b-c/d:e_f > -0.001")]
    [InlineData("params.batch >= 1024", "params.batch >= 1024")]
    [InlineData("params.batch = '1024'", "params.batch = 1024")]
    [InlineData("params.learningRate = 0.1", "params.learningRate = 0.1")]
    [InlineData("PARAMS.Learning_Rate = .1", "params.Learning_Rate = 0.1")]
    [InlineData("network = 'F1'", "network = 'f1'")]
    [InlineData("state in ('failed', \"CANCELLED\")", "state IN ('Failed', 'Cancelled')")]
    [InlineData("batch like '10%'", "batch LIKE '10%'")]
    [InlineData("notes = 'it''s'", "notes = 'it''s'")]
    [InlineData("notes = \"it's\"", "notes = 'it''s'")]
    [InlineData("seed not in (1,2)", "seed NOT IN (1, 2)")]
    [InlineData("ghost_batch is not null", "ghost_batch IS NOT NULL")]
    [InlineData("created > '-7d' and created < '-90m'", "created > '-7d' AND created < '-90m'")]
    [InlineData("created > '-1W'", "created > '-7d'")]
    [InlineData("finished >= '2026-11-01'", "finished >= '2026-11-01T00:00:00Z'")]
    [InlineData("finished >= '2026-11-01T12:00:00+02:00'", "finished >= '2026-11-01T10:00:00Z'")]
    [InlineData("tags = 'baseline' and tags.owner = 'me'", "tags = 'baseline' AND tags.owner = 'me'")]
    [InlineData("sweep.name LIKE 'F1%'", "sweep.name LIKE 'F1%'")]
    [InlineData("not (not seed = 1)", "NOT NOT seed = 1")]
    public void Fields_and_values_have_many_spellings_and_one_meaning(string text, string meaning) => Parse(text).ToString().ShouldBe(meaning);

    [Fact]
    public void AND_binds_more_than_OR_and_both_go_from_left_to_right()
    {
        var expression = Parse("seed = 1 or seed = 2 and batch = 3 or seed = 4").ShouldBeOfType<FilterOr>();
        expression.Left.ShouldBeOfType<FilterOr>().Right.ShouldBeOfType<FilterAnd>();
        expression.ShouldBe(Parse("(seed = 1 or (seed = 2 and batch = 3)) or seed = 4"));
        expression.ShouldNotBe(Parse("(seed = 1 or seed = 2) and (batch = 3 or seed = 4)"));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \t\n")]
    public void An_empty_text_is_no_filter(string text) => FilterParser.Parse(text).ShouldBeNull();

    [Fact]
    public void A_filter_that_is_too_long_too_deep_or_has_too_many_comparisons_is_refused()
    {
        Should.Throw<FilterException>(() => FilterParser.Parse(new string(' ', 4001))).Message.ShouldBe("A filter has at most 4,000 characters, this one 4,001.");
        FilterParser.Parse(new string('(', 20) + "seed = 1" + new string(')', 20)).ShouldNotBeNull();
        Should.Throw<FilterException>(() => FilterParser.Parse(new string('(', 21) + "seed = 1" + new string(')', 21))).Position.ShouldBe(20);
        Should.Throw<FilterException>(() => FilterParser.Parse(string.Concat(Enumerable.Repeat("NOT ", 21)) + "seed = 1")).Position.ShouldBe(80);
        Should.Throw<FilterException>(() => FilterParser.Parse(new string('(', 4000)));
        FilterParser.Parse(string.Join(" or ", Enumerable.Repeat("seed = 1", 100))).ShouldNotBeNull();
        Should.Throw<FilterException>(() => FilterParser.Parse(string.Join(" or ", Enumerable.Repeat("seed = 1", 101)))).Message.ShouldBe("A filter has at most 100 comparisons.");
    }

    /// <summary>Postgres takes no such text.</summary>
    [Fact]
    public void Half_a_character_is_refused() => Should.Throw<FilterException>(() => FilterParser.Parse("network = '\ud800'")).Position.ShouldBe(11);

    [Fact]
    public void A_field_is_read_by_its_name_alone()
    {
        FilterParser.ParseField("metrics.`val acc`").ShouldBe(FilterField.Metric("val acc"));
        FilterParser.ParseField("params.momentum").Name.ShouldBe("params.momentum");
        Should.Throw<FilterException>(() => FilterParser.ParseField("nothing"));
        Should.Throw<FilterException>(() => FilterParser.ParseField("batch; DROP TABLE runs"));
        Should.Throw<FilterException>(() => FilterParser.ParseField(""));
    }

    [Fact]
    public void Every_offered_field_is_found_by_its_own_name()
    {
        foreach (var field in FilterFields.All) FilterParser.ParseField(field.Name).ShouldBe(field);
    }

    private static FilterExpression Parse(string text) => FilterParser.Parse(text).ShouldNotBeNull();
}
