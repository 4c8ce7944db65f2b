using System.Security.Claims;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Tracker.Domain;
using Tracker.Storage;
using Tracker.Web.Views;

namespace Tracker.Web.Components.Pages;

/// <summary>The form of a sweep, judged and planned as it is filled in. What was typed stays, also across reloads of the tab.</summary>
public sealed partial class NewSweep : IDisposable
{
    private const string StorageKey = "new-sweep";
    private const long LargestImport = 1_000_000;
    private const int OfferedSweeps = 10;

    // Long enough that a typed number is planned once, short enough to feel immediate.
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(200);

    private static readonly IReadOnlyList<(string, string)> s_scalings = [("sqrt", "√(L / S)"), ("linear", "L / S"), ("none", "1"), ("fixed", "Fixed rate")];
    private static readonly IReadOnlyList<(string, string)> s_devices = [("any", "Any"), ("cuda", "GPU"), ("cpu", "CPU")];
    private static readonly IReadOnlyList<(string, string)> s_priorities = [("low", "Low"), ("normal", "Normal"), ("high", "High")];
    private static readonly IReadOnlyList<(string, string)> s_timings = [("shared", "As slots come"), ("alone", "Device for itself")];
    private static readonly IReadOnlyList<(string, string)> s_reruns = [("reuse", "Reuse the result"), ("again", "Train again")];

    private static readonly Dictionary<string, object?> s_noSource = new() { ["preset"] = null, ["from"] = null, ["like"] = null, ["method"] = null, ["seeds"] = null };

    private readonly FormState _form = new();
    private SweepDraft _draft = SweepDraft.Of(SweepPreset.QuickStart.Sweep);
    private SweepSpec? _spec;
    private SweepPlan? _plan;
    private IReadOnlyList<SweepView> _sweeps = [];
    private CancellationTokenSource _planning = new();
    private string? _preset;
    private string? _notice;
    private (string?, long?, long?, string?)? _source;
    private bool _busy;
    private bool _json;
    private SweepSpec? _planned;
    private SweepDraft? _earlier;
    private bool _recalled;
    private bool _disposed;

    [SupplyParameterFromQuery(Name = "preset")]
    public string? Preset { get; set; }

    /// <summary>A sweep to start from.</summary>
    [SupplyParameterFromQuery(Name = "from")]
    public string? FromText { get; set; }

    private long? From => QueryValues.Long(FromText);

    /// <summary>A run whose settings to start from, with <see cref="MethodText"/> in place of its own method.</summary>
    [SupplyParameterFromQuery(Name = "like")]
    public string? LikeText { get; set; }

    private long? Like => QueryValues.Long(LikeText);

    [SupplyParameterFromQuery(Name = "method")]
    public string? MethodText { get; set; }

    [SupplyParameterFromQuery(Name = "seeds")]
    public string? SeedCountText { get; set; }

    private int? SeedCount => QueryValues.Int(SeedCountText);

    /// <summary>Whether the specification is shown as JSON.</summary>
    [SupplyParameterFromQuery(Name = "json")]
    public string? ShowsJsonText { get; set; }

    private bool? ShowsJson => QueryValues.Flag(ShowsJsonText);

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    [Inject]
    public required ISweeps Sweeps { get; set; }

    [Inject]
    public required IRuns Runs { get; set; }

    [Inject]
    public required Browser Browser { get; set; }

    [Inject]
    public required NavigationManager Navigation { get; set; }

    [Inject]
    public required TimeProvider Clock { get; set; }

    /// <summary>Whether the plan that is shown is that of the form as it is.</summary>
    private bool PlanIsOld => _spec is not null && !ReferenceEquals(_planned, _spec);

    private string Json => _spec?.ToJson(indented: true) ?? _draft.ToJson(indented: true);

    private Network? Network => Catalogue.FindNetwork(_draft.Network);

    private Dataset? Dataset => Catalogue.FindDataset(_draft.Dataset);

    private int Classes => Dataset?.Classes ?? Catalogue.GetDataset(Network!.Datasets[0]).Classes;

    private bool HasSource => Preset is not null || From is not null || Like is not null;

    protected override async Task OnParametersSetAsync()
    {
        _json = ShowsJson == true;
        var source = (Preset, From, Like, MethodText);
        if (_source == source)
            return;
        var first = _source is null;
        _source = source;
        if (HasSource)
        {
            // A preset that is chosen instead of what somebody has filled in does not throw that away.
            if (!first && _preset is null)
                _earlier = _draft;
            _recalled = false;
            await StartFromAsync();
        }
        if (first || HasSource)
            Judge();
        if (first)
            await WithStorageAsync(async () => _sweeps = [.. (await Sweeps.ListAsync(OfferedSweeps, null, CancellationToken.None)).Where(sweep => sweep.External is null)]);
        if (_spec is not null && _plan is null)
            await PlanAsync(_spec, CancellationToken.None);
    }

    public void Dispose()
    {
        _disposed = true;
        _planning.Cancel();
        _planning.Dispose();
    }

    private async Task StartFromAsync()
    {
        _notice = null;
        _plan = null;
        _form.Reset();
        if (Preset is not null)
        {
            if (SweepPreset.Find(Preset) is { } preset)
                _draft = SweepDraft.Of(preset.Sweep);
            else
                _notice = $"There is no preset '{Preset}'.";
            return;
        }
        await WithStorageAsync(async () =>
        {
            if (From is { } sweepId && await Sweeps.FindAsync(sweepId, CancellationToken.None) is { External: null } sweep)
                _draft = SweepDraft.Of(sweep.Spec with { Name = sweep.Name, Priority = sweep.Priority });
            else if (Like is { } runId && await Runs.FindAsync(runId, CancellationToken.None) is { } run)
                _draft = SweepDraft.Like(run.Spec, MethodText ?? run.Spec.Method.ToString(), SeedCount ?? 1);
            else
                _notice = "What the form should start from is not there any more.";
        });
    }

    /// <summary>Takes a change of the form: judges it at once, plans it after a pause, and keeps it.</summary>
    private async Task Edit(Action change)
    {
        // A file may have been read to its end after the page was left.
        if (_disposed)
            return;
        // Before the first pause, so that of several changes the last one's plan is shown, and one that is under way ends with the page.
        var former = _planning;
        _planning = new CancellationTokenSource();
        var token = _planning.Token;
        change();
        _notice = null;
        Judge();
        if (HasSource)
        {
            // From now on the address no longer says what is in the form, so a reload must not go back to it.
            _source = (null, null, null, null);
            Navigation.NavigateTo(Navigation.GetUriWithQueryParameters(s_noSource), replace: true);
        }
        await former.CancelAsync();
        former.Dispose();
        await Browser.RememberAsync(StorageKey, _draft.Serialize());
        // With faults the last plan stays, faded.
        if (token.IsCancellationRequested || _spec is not { } spec)
            return;
        try
        {
            await Task.Delay(s_pause, Clock, token);
            await PlanAsync(spec, token);
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested)
        {
            // The form changed again: that change has its own plan.
        }
    }

    private void Judge()
    {
        try
        {
            _spec = SpecReader.ReadSweep(_draft.ToJson());
            _form.Faults = new([]);
        }
        catch (SpecificationException exception)
        {
            _spec = null;
            _form.Faults = new(exception.Errors);
        }
        var text = _draft.Serialize();
        _preset = SweepPreset.All.FirstOrDefault(preset => SweepDraft.Of(preset.Sweep).Serialize() == text)?.Name;
    }

    private Task PlanAsync(SweepSpec spec, CancellationToken cancellationToken) => WithStorageAsync(async () =>
    {
        var plan = await Sweeps.PlanAsync(spec, await OwnerAsync(), cancellationToken);
        if (!cancellationToken.IsCancellationRequested)
            (_plan, _planned) = (plan, spec);
    });

    private async Task<long?> OwnerAsync() =>
        long.TryParse((await Authentication).User.FindFirstValue(ClaimTypes.NameIdentifier), out var owner) ? owner : null;

    private async Task SubmitAsync()
    {
        _form.ShowAll = true;
        if (_busy || _spec is not { } spec)
            return;
        // From here to the page of the sweep: a second click queues nothing more.
        _busy = true;
        try
        {
            // Somebody quick: what is queued is what was planned for what is in the form now.
            if (!ReferenceEquals(_planned, spec))
                await PlanAsync(spec, CancellationToken.None);
            if (_plan is { } plan && ReferenceEquals(_planned, spec) && await QueueAsync(spec, plan) is { } address)
                Navigation.NavigateTo(address);
        }
        finally
        {
            _busy = false;
        }
    }

    /// <summary>Queues the sweep, unless all of it has been trained before.</summary>
    /// <returns>Where to go now; <see langword="null"/> to stay, with a notice that says why.</returns>
    private async Task<string?> QueueAsync(SweepSpec spec, SweepPlan plan)
    {
        if (plan is { NewRuns.Count: 0, ReusedRuns.Count: > 0 } && plan.ReusedRuns.Select(run => run.SweepId).Distinct().ToArray() is [var only])
        {
            return Addresses.Sweep(only);
        }
        long? id = null;
        await WithStorageAsync(async () => id = await Sweeps.SubmitAsync(spec, await OwnerAsync(), CancellationToken.None));
        if (id is not { } made)
            return null;
        await Browser.ForgetAsync(StorageKey);
        return Addresses.Sweep(made);
    }

    private IReadOnlyDictionary<int, string> Warnings(string field) => FieldFaults.Warnings(_plan?.Refused ?? [], field);

    private async Task WithStorageAsync(Func<Task> action)
    {
        try
        {
            await action();
        }
        catch (Exception exception) when (TransientErrors.IsTransient(exception))
        {
            _notice = "The database does not answer. What you typed stays; try again in a moment.";
        }
        catch (InvalidOperationException refusal)
        {
            _notice = refusal.Message;
        }
    }
}
