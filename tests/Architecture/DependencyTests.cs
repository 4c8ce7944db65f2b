using System.Text.RegularExpressions;

namespace Tracker.Architecture.Tests;

public class DependencyTests
{
    /// <summary>Who may refer to whom. Arrows point one way, and the two processes meet only in the database.</summary>
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Tracker.Domain"] = [],
        ["Tracker.Torch"] = [],
        ["Tracker.Telemetry"] = [],
        ["Tracker.Storage"] = ["Tracker.Domain"],
        ["Tracker.Migrations"] = ["Tracker.Storage"],
        ["Tracker.Training"] = ["Tracker.Domain", "Tracker.Torch"],
        ["Tracker.Jobs"] = ["Tracker.Domain", "Tracker.Storage", "Tracker.Telemetry", "Tracker.Training"],
        // A client like any other: it knows the product by its REST interface alone.
        ["Tracker.Cli"] = [],
        ["Tracker.Web"] = ["Tracker.Domain", "Tracker.Migrations", "Tracker.Storage", "Tracker.Telemetry"],
    };

    public static TheoryData<string> Projects => [.. Allowed.Keys];

    [Fact]
    public void Every_project_of_the_product_has_a_rule() =>
        Repository.ProductProjects.Keys.ShouldBe(Allowed.Keys, ignoreOrder: true);

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_file_refers_only_to_the_projects_it_may(string project) =>
        Repository.ProjectReferences(project).Except(Allowed[project]).ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(Projects))]
    public void An_assembly_refers_only_to_assemblies_along_the_arrows(string project) =>
        Repository.AssemblyReferences(project).Where(Allowed.ContainsKey).Except(Reachable(project)).ShouldBeEmpty();

    [Theory]
    [InlineData("Tracker.Domain")]
    [InlineData("Tracker.Torch")]
    [InlineData("Tracker.Training")]
    public void What_computes_knows_no_database_and_no_web(string project) =>
        Repository.AssemblyReferences(project)
            .Where(name => name.StartsWith("Npgsql", StringComparison.Ordinal) || name.StartsWith("Microsoft.EntityFrameworkCore", StringComparison.Ordinal)
                || name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal) || name.StartsWith("Quartz", StringComparison.Ordinal))
            .ShouldBeEmpty();

    [Theory]
    [InlineData("Tracker.Jobs")]
    [InlineData("Tracker.Web")]
    [InlineData("Tracker.Migrations")]
    public void No_assembly_but_storage_refers_to_the_job_engine(string project) =>
        Repository.AssemblyReferences(project).Where(name => name.StartsWith("Quartz", StringComparison.Ordinal)).ShouldBeEmpty();

    [Fact]
    public void No_type_of_the_job_engine_is_used_outside_its_adapter() =>
        Repository.SourceFiles("src").Concat(Repository.SourceFiles("migrations"))
            .Where(file => !file.StartsWith("src/Storage/JobEngine/Quartz/", StringComparison.Ordinal))
            .Where(file => File.ReadLines(Path.Combine(Repository.Root, file)).Any(UsesQuartz))
            .ShouldBeEmpty();

    [Theory]
    [InlineData("using Quartz;", true)]
    [InlineData("    global::Quartz.IScheduler scheduler", true)]
    [InlineData("using Tracker.Storage.JobEngine.Quartz;", false)]
    [InlineData("// Quartz. It takes triggers by fire time", false)]
    public void The_search_for_the_job_engine_tells_its_types_from_mere_mentions(string line, bool uses) =>
        UsesQuartz(line).ShouldBe(uses);

    private static bool UsesQuartz(string line) =>
        !line.TrimStart().StartsWith("//", StringComparison.Ordinal)
        && Regex.IsMatch(line, @"(?<![\w.])Quartz(;|\.\w)", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));

    private static IEnumerable<string> Reachable(string project) =>
        Allowed[project].SelectMany(reference => Reachable(reference).Append(reference)).Distinct();
}
