using Microsoft.AspNetCore.Components;
using Tracker.Storage;
using Tracker.Web.Formatting;
using Tracker.Web.Live;
using Tracker.Web.Views;

namespace Tracker.Web.Components.Pages;

public sealed partial class LeaderboardsPage
{
    /// <summary>More runs than these make no picture, and their address grows long.</summary>
    private const int MostCompared = 100;

    private LeaderboardRanking? _ranking;

    [SupplyParameterFromQuery(Name = "network")]
    public string? Network { get; set; }

    [SupplyParameterFromQuery(Name = "dataset")]
    public string? Dataset { get; set; }

    /// <summary>Training images of the rows shown, or "all".</summary>
    [SupplyParameterFromQuery(Name = "part")]
    public string? Part { get; set; }

    /// <summary>The accuracy whose reaching is timed, as a share.</summary>
    [SupplyParameterFromQuery(Name = "target")]
    public string? TargetText { get; set; }

    private double? Target => QueryValues.Double(TargetText);

    [SupplyParameterFromQuery(Name = "technique")]
    public string? Technique { get; set; }

    [SupplyParameterFromQuery(Name = "batch")]
    public string? BatchText { get; set; }

    private int? Batch => QueryValues.Int(BatchText);

    [SupplyParameterFromQuery(Name = "who")]
    public string? Who { get; set; }

    [SupplyParameterFromQuery(Name = "sort")]
    public string? Sort { get; set; }

    /// <summary>Id of the row that others are compared with.</summary>
    [SupplyParameterFromQuery(Name = "baseline")]
    public string? Baseline { get; set; }

    /// <summary>Whether seconds of runs that shared a device count.</summary>
    [SupplyParameterFromQuery(Name = "shared")]
    public string? SharedFlag { get; set; }

    [Inject]
    public required ILeaderboards Leaderboards { get; set; }

    [Inject]
    public required SharedReads Reads { get; set; }

    protected override object Key => "leaderboards";

    protected override object Options => (Network, Dataset, Part, Target, SharedFlag);

    // Results come when runs end, not with every step.
    protected override TimeSpan Pace => SharedBoards.Pace;

    private LeaderboardOrder Order => LeaderboardOrder.Read(Sort);

    private bool SharedShown => SharedFlag == "1";

    private bool Filtered => Technique is not null || Batch is not null || Who is not null;

    private string? SharedSentence => _ranking is not { SharedRuns: > 0 and var shared } ? null
        : SharedShown ? $"{Numbers.Of(shared, "run")} shared a device: alone they would have taken less time."
        : $"Of times and samples/s, {Numbers.Of(shared, "run")} {(shared == 1 ? "is" : "are")} left out: they shared a device, and alone they would have taken less time.";

    protected override bool Concerns(Change change) => change.Kind is ChangeKind.Run or ChangeKind.Sweep;

    protected override void OnParametersSet()
    {
        // Filters, order and baseline need no load.
        if (Model is not null)
            Loaded(Model);
    }

    protected override async Task<LeaderboardModel?> LoadAsync(CancellationToken cancellationToken)
    {
        var boards = await Reads.BoardsAsync(Leaderboards, cancellationToken);
        if (LeaderboardModel.Choose(boards, Network, Dataset) is not { } board)
            return new(boards, null);
        return new(boards, await Reads.BoardAsync(Leaderboards, new(board.Network, board.Dataset)
        {
            TrainExamples = int.TryParse(Part, out var images) ? images : null,
            AllParts = Part == "all",
            Target = Target is > 0 and <= 1 ? Target : null,
            SharedSeconds = SharedShown,
        }, cancellationToken));
    }

    protected override void Loaded(LeaderboardModel model) =>
        _ranking = model.Board is null ? null : LeaderboardRanking.Of(model.Board, new(Technique, Batch, Who, Order, Baseline));

    private static string CompareHref(LeaderboardRanking ranking) => Addresses.CompareOf(ranking.Rows.SelectMany(row => row.Row.RunIds).Take(MostCompared));

    private void Go(string name, string? value) => Go((name, value));

    private void Go(params IEnumerable<(string Name, string? Value)> changes) => Navigation.NavigateTo(Navigation.GetUriWithQueryParameters(
        changes.ToDictionary(change => change.Name, change => (object?)(string.IsNullOrEmpty(change.Value) ? null : change.Value))), replace: true);

    /// <summary>Another network or data set has other rows, so what was chosen among these is dropped.</summary>
    private void Open(string value)
    {
        if (LeaderboardModel.Read(value) is not var (network, dataset))
            return;
        Go(("network", network), ("dataset", dataset), ("part", null), ("target", null), ("technique", null), ("batch", null), ("who", null), ("baseline", null));
    }

    private void Pin(RankedRow row) => Go("baseline", row.Pinned ? null : row.Settings.Id);

    private void SortBy(LeaderboardColumn column) => Go("sort", Order.Click(column).Text);
}
