using System.Security.Cryptography;
using System.Text;
using Tracker.Storage;
using Tracker.Web.Formatting;

namespace Tracker.Web.Views;

/// <summary>Rows of a leaderboard that differ only in method, batch and ghost batch: what a figure may put side by side.</summary>
/// <param name="Name">The settings that they share.</param>
/// <param name="Rows">The rows.</param>
public sealed record FigureFamily(string Name, IReadOnlyList<LeaderboardRow> Rows)
{
    /// <summary>A short name for addresses, the same as long as the settings are.</summary>
    public string Id { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Name)))[..8];

    /// <summary>The ghost batches among the rows.</summary>
    public IReadOnlyList<int> Ghosts => [.. Rows.Select(row => row.Settings.GhostBatch).OfType<int>().Distinct().Order()];

    public int Runs => Rows.Sum(row => row.RunIds.Count);

    /// <summary>The families of a board, that with the most runs first. What programs outside report has too few known settings to stand in a figure.</summary>
    public static IReadOnlyList<FigureFamily> Of(IReadOnlyList<LeaderboardRow> rows) =>
    [
        .. rows.Where(row => row.Settings.Outside is null).GroupBy(row => Describe(row.Settings)).Select(family => new FigureFamily(family.Key, [.. family]))
            .OrderByDescending(family => family.Runs).ThenBy(family => family.Name, StringComparer.Ordinal),
    ];

    /// <summary>The family that an address names, or the largest.</summary>
    public static FigureFamily? Choose(IReadOnlyList<FigureFamily> families, string? id) =>
        families.FirstOrDefault(family => family.Id == id) ?? (families.Count > 0 ? families[0] : null);

    /// <summary>The ghost batch that an address names, or the one with the most runs.</summary>
    public int? ChooseGhost(int? asked) => asked is { } ghost && Ghosts.Contains(ghost) ? ghost
        : Rows.Where(row => row.Settings.GhostBatch is not null).GroupBy(row => row.Settings.GhostBatch)
            .OrderByDescending(group => group.Sum(row => row.RunIds.Count)).ThenByDescending(group => group.Key).Select(group => group.Key).FirstOrDefault();

    private static string Describe(ExperimentSettings settings)
    {
        var text = $"{Numbers.Of(settings.Epochs, "epoch")}, small batch {Numbers.Count(settings.SmallBatch)}, {SettingsText.Parameters(settings)}";
        return settings.Variant.Length == 0 ? text : $"{text}, {settings.Variant}";
    }
}
