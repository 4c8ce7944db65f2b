using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Tracker.Domain;
using Tracker.Storage;
using Tracker.Web.Api;
using Tracker.Web.Formatting;
using Tracker.Web.Live;
using Tracker.Web.Views;

namespace Tracker.Web.Components.Pages;

public sealed partial class Home
{
    private const int CurvePoints = 44;
    private const string FirstStepsKey = "first-steps";

    private bool? _firstSteps;

    /// <summary>"show" brings the first steps back after they were closed.</summary>
    [SupplyParameterFromQuery(Name = FirstStepsKey)]
    public string? FirstStepsAsked { get; set; }

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    [Inject]
    public required IUserSettings UserSettings { get; set; }

    [Inject]
    public required IRuns Runs { get; set; }

    [Inject]
    public required IQueue Queue { get; set; }

    [Inject]
    public required ISweeps Sweeps { get; set; }

    [Inject]
    public required IHosts Hosts { get; set; }

    [Inject]
    public required IMetrics Metrics { get; set; }

    [Inject]
    public required SharedReads Reads { get; set; }

    [Inject]
    public required Throughput Throughput { get; set; }

    protected override object Key => "home";

    private bool ShowsFirstSteps => Model is { FirstSteps: true } || FirstStepsAsked is not null;

    private string Summary
    {
        get
        {
            if (Model is null)
                return "";
            var hosts = Model.Hosts.Count(host => host.State is HostState.Up or HostState.Draining);
            var lost = Model.Hosts.Count(host => host.State == HostState.Lost);
            var running = Model.Active.Count == 0
                ? "Nothing runs."
                : $"{Numbers.Of(Model.Active.Count, "run")} {(Model.Active.Count == 1 ? "trains" : "train")} on {Numbers.Of(Model.Active.Select(run => run.HostName).Distinct().Count(), "host")}.";
            var trouble = (Model.Counts.FailedToday, lost) switch
            {
                (0, 0) => "",
                ( > 0, 0) => $" {Numbers.Of(Model.Counts.FailedToday, "run")} failed today.",
                (0, > 0) => $" {Numbers.Of(lost, "host")} {(lost == 1 ? "is" : "are")} lost.",
                _ => $" {Numbers.Of(Model.Counts.FailedToday, "run")} failed today and {Numbers.Of(lost, "host")} {(lost == 1 ? "is" : "are")} lost.",
            };
            var outside = Model.Outside.Count switch
            {
                0 => "",
                > HomeModel.OutsideShown => $" More than {HomeModel.OutsideShown} runs are logged from outside.",
                var count => $" {Numbers.Of(count, "run")} {(count == 1 ? "is" : "are")} logged from outside.",
            };
            return (Model.Active.Count == 0 && Model.Outside.Count > 0 ? "Nothing runs here." : running) + outside + trouble + (hosts == 0 ? " No host takes runs: start one." : "");
        }
    }

    protected override bool Concerns(Change change) => Matters(change);

    protected override void Loaded(HomeModel model) => _firstSteps ??= model.FirstSteps;

    protected override async Task<HomeModel?> LoadAsync(CancellationToken cancellationToken) =>
        await Reads.GetAsync("home", Matters, LoadForAllAsync, cancellationToken) with { FirstSteps = await WantsFirstStepsAsync(cancellationToken) };

    private static bool Matters(Change change) => change.Kind is ChangeKind.Run or ChangeKind.Sweep or ChangeKind.Host;

    /// <summary>What everybody sees alike.</summary>
    private async Task<HomeModel> LoadForAllAsync(CancellationToken cancellationToken)
    {
        var active = await Runs.ActiveAsync(cancellationToken);
        var outside = await Runs.ReportedAsync(HomeModel.OutsideShown + 1, cancellationToken);
        var curves = active.Count == 0
            ? []
            : await Metrics.SeriesAsync([.. active.Select(run => run.Id)], [MetricNames.ValidationAccuracy], CurvePoints, MetricAxis.Step, cancellationToken);
        return new(
            active,
            curves.ToDictionary(series => series.RunId, IReadOnlyList<double> (series) => [.. series.Buckets.Select(bucket => bucket.Last)]),
            await Queue.ReadAsync(HomeModel.QueueShown, 0, cancellationToken),
            await Runs.CountsAsync(cancellationToken),
            await Hosts.ListAsync(cancellationToken),
            await Sweeps.ListAsync(HomeModel.SweepsShown, null, cancellationToken),
            await Runs.RecentFailuresAsync(HomeModel.FailuresShown, cancellationToken))
        {
            Outside = outside,
        };
    }

    // Asked once: from the model that the prerendered page carried over, or from the database.
    private async Task<bool> WantsFirstStepsAsync(CancellationToken cancellationToken) =>
        _firstSteps ??= await UserSettings.GetAsync((await Authentication).User.UserId(), FirstStepsKey, cancellationToken) is null;

    private Task CloseFirstStepsAsync() => ActAsync(async cancellationToken =>
    {
        await UserSettings.SetAsync((await Authentication).User.UserId(), FirstStepsKey, "closed", cancellationToken);
        _firstSteps = false;
        if (FirstStepsAsked is not null)
            Navigation.NavigateTo(Addresses.Home, replace: true);
    });
}
