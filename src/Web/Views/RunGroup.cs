using Tracker.Domain;
using Tracker.Storage;
using Tracker.Web.Components.Parts;
using Tracker.Web.Formatting;

namespace Tracker.Web.Views;

/// <summary>Runs of a sweep that differ in nothing but the seed.</summary>
/// <param name="Method">Their method.</param>
/// <param name="Batch">Their batch.</param>
/// <param name="Detail">What else tells them from other groups of the same method and batch, or an empty text.</param>
/// <param name="Runs">The runs by seed.</param>
public sealed record RunGroup(Method Method, int Batch, string Detail, IReadOnlyList<RunView> Runs)
{
    public Technique Technique => Technique.Of(Method);

    public string Id => $"{Method}-{Batch}-{Detail}";

    /// <summary>"+GBN", or "+GBN ghost 64" where there are others.</summary>
    public string Name => Detail.Length == 0 ? Technique.Name : $"{Technique.Name} {Detail}";

    /// <summary>Final validation accuracies over the finished seeds, as shares.</summary>
    public SeedStatistics? Accuracy => SeedStatistics.Of([.. Runs.Select(run => run.Result?.SelectedAccuracy).OfType<double>()]);

    /// <summary>The groups in the order of the paper's columns, then by batch.</summary>
    public static IReadOnlyList<RunGroup> Of(IReadOnlyList<RunView> runs)
    {
        var specs = runs.Select(run => run.Spec).ToArray();
        var severalGhosts = specs.Select(spec => spec.GhostBatch).OfType<int>().Distinct().Count() > 1;
        var severalRates = specs.Select(spec => spec.Parameters.LearningRate).Distinct().Count() > 1;
        var severalDecays = specs.Select(spec => spec.Parameters.WeightDecay).Distinct().Count() > 1;

        string Detail(RunSpec spec) => string.Join(", ", new[]
        {
            severalGhosts && spec.GhostBatch is { } ghost ? $"ghost {Numbers.Count(ghost)}" : "",
            severalRates ? $"rate {Numbers.Setting(spec.Parameters.LearningRate)}" : "",
            severalDecays ? $"decay {Numbers.Setting(spec.Parameters.WeightDecay)}" : "",
        }.Where(part => part.Length > 0));

        return [.. runs
            .GroupBy(run => (run.Spec.Method, run.Spec.Batch, Detail: Detail(run.Spec)))
            .OrderBy(group => group.Key.Method.TableColumn ?? int.MaxValue).ThenBy(group => group.Key.Method.ToString(), StringComparer.Ordinal)
            .ThenBy(group => group.Key.Batch).ThenBy(group => group.Min(run => run.Id))
            .Select(group => new RunGroup(group.Key.Method, group.Key.Batch, group.Key.Detail, [.. group.OrderBy(run => run.Spec.Seed)]))];
    }
}
