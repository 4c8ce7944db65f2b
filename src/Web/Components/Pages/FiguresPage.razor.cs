using Microsoft.AspNetCore.Components;
using Tracker.Domain;
using Tracker.Storage;
using Tracker.Web.Live;
using Tracker.Web.Views;

namespace Tracker.Web.Components.Pages;

public sealed partial class FiguresPage
{
    private const int PointsPerCurve = 200;
    private const int PointsPerDistance = 80;

    private IReadOnlyList<FigureGroup> _groups = [];
    private FiguresModel? _drawn;
    private string? _loaded;

    [SupplyParameterFromQuery(Name = "network")]
    public string? Network { get; set; }

    [SupplyParameterFromQuery(Name = "dataset")]
    public string? Dataset { get; set; }

    /// <summary>Training images of the runs shown.</summary>
    [SupplyParameterFromQuery(Name = "part")]
    public string? PartText { get; set; }

    private int? Part => QueryValues.Int(PartText);

    /// <summary>Which of several settings.</summary>
    [SupplyParameterFromQuery(Name = "settings")]
    public string? Settings { get; set; }

    [SupplyParameterFromQuery(Name = "ghost")]
    public string? GhostText { get; set; }

    private int? Ghost => QueryValues.Int(GhostText);

    /// <summary>The accuracy whose reaching is timed, as a share.</summary>
    [SupplyParameterFromQuery(Name = "target")]
    public string? TargetText { get; set; }

    private double? Target => QueryValues.Double(TargetText);

    [Inject]
    public required ILeaderboards Leaderboards { get; set; }

    [Inject]
    public required IMetrics Metrics { get; set; }

    [Inject]
    public required IRuns Runs { get; set; }

    [Inject]
    public required SharedReads Reads { get; set; }

    protected override object Key => "figures";

    protected override object Options => (Network, Dataset, Part, Settings, Ghost, Target);

    protected override TimeSpan Pace => SharedBoards.Pace;

    protected override bool Concerns(Change change) => change.Kind is ChangeKind.Run or ChangeKind.Sweep;

    protected override async Task<FiguresModel?> LoadAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<Board> boards = [.. (await Reads.BoardsAsync(Leaderboards, cancellationToken)).Where(known => known.Runs > known.External)
            .Select(known => known with { Runs = known.Runs - known.External })];
        if (LeaderboardModel.Choose(boards, Network, Dataset) is not { } chosen)
            return new(boards, null, [], null, null, new Dictionary<long, RunSpec>(), new Dictionary<long, MetricSeries>(), new Dictionary<long, MetricSeries>());
        var board = await Reads.BoardAsync(
            Leaderboards, new(chosen.Network, chosen.Dataset) { TrainExamples = Part, Target = Target is > 0 and <= 1 ? Target : null }, cancellationToken);
        var families = FigureFamily.Of(board.Rows);
        var family = FigureFamily.Choose(families, Settings);
        var bare = new FiguresModel(
            boards, board, families, family, family?.ChooseGhost(Ghost), new Dictionary<long, RunSpec>(), new Dictionary<long, MetricSeries>(), new Dictionary<long, MetricSeries>());

        // The curves of finished runs stay as they are: they are read again only when other runs are to be drawn.
        if (_drawn is not null && _drawn.ErrorRuns.SequenceEqual(bare.ErrorRuns) && _drawn.DistanceRuns.SequenceEqual(bare.DistanceRuns))
            return bare with { Specs = _drawn.Specs, Errors = _drawn.Errors, Distances = _drawn.Distances };
        var errors = await ReadAsync(bare.ErrorRuns, MetricNames.ValidationAccuracy, PointsPerCurve, MetricAxis.Epoch, cancellationToken);
        var distances = await ReadAsync(bare.DistanceRuns, MetricNames.WeightDistance, PointsPerDistance, MetricAxis.LogStep, cancellationToken);
        long[] firsts = [.. FiguresModel.DistanceColumns.SelectMany(bare.Of).Select(row => row.RunIds[0])];
        var found = await Reads.GetAsync(
            ("specifications of figures", string.Join(',', firsts)), static _ => false, token => Runs.FindAsync(firsts, token), cancellationToken);
        return bare with { Specs = found.ToDictionary(run => run.Id, run => run.Spec), Errors = errors, Distances = distances };
    }

    protected override void Loaded(FiguresModel model)
    {
        // New charts only for new results: a chart that is replaced loses its zoom.
        var state = $"{model.Family?.Id} {model.Ghost} {model.Board?.Target?.Accuracy} {string.Join(' ', model.Rows.Select(row => $"{row.Settings.Id}:{string.Join(',', row.RunIds)}"))}";
        _drawn = model;
        if (state == _loaded)
            return;
        _loaded = state;
        _groups = FigureSet.Of(model);
    }

    private async Task<IReadOnlyDictionary<long, MetricSeries>> ReadAsync(
        IReadOnlyList<long> runs, string metric, int points, MetricAxis axis, CancellationToken cancellationToken) =>
        runs.Count == 0 ? new Dictionary<long, MetricSeries>() : await Reads.GetAsync<IReadOnlyDictionary<long, MetricSeries>>(
            ("curves of figures", metric, points, axis, string.Join(',', runs)), static _ => false,
            async token => (await Metrics.SeriesAsync(runs, [metric], points, axis, token)).ToDictionary(series => series.RunId), cancellationToken);

    private void Go(params IEnumerable<(string Name, string? Value)> changes) => Navigation.NavigateTo(Navigation.GetUriWithQueryParameters(
        changes.ToDictionary(change => change.Name, change => (object?)(string.IsNullOrEmpty(change.Value) ? null : change.Value))), replace: true);

    private void Open(string? value)
    {
        if (LeaderboardModel.Read(value) is var (network, dataset))
            Go(("network", network), ("dataset", dataset), ("part", null), ("settings", null), ("ghost", null), ("target", null));
    }
}
