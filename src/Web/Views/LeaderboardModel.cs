using Tracker.Domain;
using Tracker.Storage;

namespace Tracker.Web.Views;

/// <summary>What the page of leaderboards shows.</summary>
/// <param name="Boards">The networks and data sets that have results.</param>
/// <param name="Board">The chosen one; <see langword="null"/> when there are no results at all.</param>
public sealed record LeaderboardModel(IReadOnlyList<Board> Boards, Leaderboard? Board)
{
    /// <summary>The methods that have rows, in the order of the paper's columns.</summary>
    public IReadOnlyList<Method> Methods => [.. (Board?.Rows ?? []).Where(row => row.Settings.HasMethod).Select(row => row.Settings.Method).Distinct()
        .OrderBy(method => method.TableColumn ?? int.MaxValue).ThenBy(method => method.ToString(), StringComparer.Ordinal)];

    public IReadOnlyList<int> Batches => [.. (Board?.Rows ?? []).Select(row => row.Settings.Batch).Where(batch => batch > 0).Distinct().Order()];

    public IReadOnlyList<string> Owners => [.. (Board?.Rows ?? []).SelectMany(row => row.Owners).Distinct().Order(StringComparer.OrdinalIgnoreCase)];

    /// <summary>The board that is shown: the one asked for, or the one with the most runs.</summary>
    public static Board? Choose(IReadOnlyList<Board> boards, string? network, string? dataset) =>
        boards.FirstOrDefault(board => board.Network == network && board.Dataset == dataset)
        ?? boards.FirstOrDefault(board => board.Network == network && dataset is null)
        ?? (network is null && dataset is null && boards.Count > 0 ? boards[0] : null);

    /// <summary>"F1 on Fashion-MNIST".</summary>
    public static string Title(string network, string dataset) => $"{Titles.Network(network)} on {Titles.Dataset(dataset)}";

    /// <summary>A value of the list of boards. Programs outside may have names with a slash in them.</summary>
    public static string Value(string network, string dataset) => $"{Uri.EscapeDataString(network)}/{Uri.EscapeDataString(dataset)}";

    /// <summary>What such a value names.</summary>
    public static (string Network, string Dataset)? Read(string? value) =>
        value?.Split('/') is [var network, var dataset] ? (Uri.UnescapeDataString(network), Uri.UnescapeDataString(dataset)) : null;
}
