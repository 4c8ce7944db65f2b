using System.Reflection;

namespace Tracker.Domain.Tests;

/// <summary>docs/filters.md says what is so.</summary>
public class FilterDocumentTests
{
    private static readonly string s_text = File.ReadAllText(Path.Combine(
        typeof(FilterDocumentTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryRoot").Value!, "docs", "filters.md"));

    [Fact]
    public void Every_example_is_a_filter()
    {
        var examples = s_text.Split("```")[1].Split('\n', StringSplitOptions.RemoveEmptyEntries);
        examples.Length.ShouldBeGreaterThan(3);
        foreach (var example in examples) FilterParser.Parse(example).ShouldNotBeNull(example);
    }

    [Fact]
    public void Every_field_is_listed_under_its_heading()
    {
        foreach (var group in FilterFields.All.Where(f => !f.Hidden).GroupBy(f => f.Group))
        {
            var row = s_text.Split('\n').Single(l => l.StartsWith($"| {group.Key} |", StringComparison.Ordinal));
            foreach (var field in group) row.ShouldContain($"`{field.Name}`");
        }
        foreach (var field in FilterFields.All.Where(f => f.Hidden && f.Key != "run_id")) s_text.ShouldContain($"`{field.Name}`");
    }

    [Fact]
    public void The_limits_are_those_of_the_parser() =>
        s_text.ShouldContain($"At most {FilterParser.MaxLength:N0} characters, {FilterParser.MaxTerms} comparisons, and {FilterParser.MaxDepth} parentheses");
}
