using System.Security.Claims;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Forms;
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

    [SupplyParameterFromQuery(Name = "preset")]
    public string? Preset { get; set; }

    /// <summary>A sweep to start from.</summary>
    [SupplyParameterFromQuery(Name = "from")]
    public long? From { get; set; }

    /// <summary>A run whose settings to start from, with <see cref="MethodText"/> in place of its own method.</summary>
    [SupplyParameterFromQuery(Name = "like")]
    public long? Like { get; set; }

    [SupplyParameterFromQuery(Name = "method")]
    public string? MethodText { get; set; }

    [SupplyParameterFromQuery(Name = "seeds")]
    public int? SeedCount { get; set; }

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

    private Network? Network => Catalogue.FindNetwork(_draft.Network);

    private Dataset? Dataset => Catalogue.FindDataset(_draft.Dataset);

    private int Classes => Dataset?.Classes ?? Catalogue.GetDataset(Network!.Datasets[0]).Classes;

    private bool HasSource => Preset is not null || From is not null || Like is not null;

    protected override async Task OnParametersSetAsync()
    {
        var source = (Preset, From, Like, MethodText);
        if (_source == source)
            return;
        var first = _source is null;
        _source = source;
        if (HasSource)
            await StartFromAsync();
        if (first || HasSource)
            Judge();
        if (first)
            await WithStorageAsync(async () => _sweeps = await Sweeps.ListAsync(OfferedSweeps, null, CancellationToken.None));
        if (_spec is not null && _plan is null)
            await PlanAsync(_spec, CancellationToken.None);
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender || HasSource || await Browser.RecallAsync(StorageKey) is not { } kept || SweepDraft.Deserialize(kept) is not { } draft)
            return;
        _draft = draft;
        _form.ShowAll = true;
        Judge();
        if (_spec is not null)
            await PlanAsync(_spec, CancellationToken.None);
        StateHasChanged();
    }

    public void Dispose() => _planning.Dispose();

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
            if (From is { } sweepId && await Sweeps.FindAsync(sweepId, CancellationToken.None) is { } sweep)
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
        change();
        _notice = null;
        Judge();
        if (HasSource)
        {
            // From now on the address no longer says what is in the form, so a reload must not go back to it.
            _source = (null, null, null, null);
            Navigation.NavigateTo(Addresses.NewSweep, replace: true);
        }
        await Browser.RememberAsync(StorageKey, _draft.Serialize());
        await _planning.CancelAsync();
        _planning.Dispose();
        _planning = new CancellationTokenSource();
        var token = _planning.Token;
        // With faults the last plan stays, faded.
        if (_spec is not { } spec)
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
            _plan = plan;
    });

    private async Task<long?> OwnerAsync() =>
        long.TryParse((await Authentication).User.FindFirstValue(ClaimTypes.NameIdentifier), out var owner) ? owner : null;

    private async Task SubmitAsync()
    {
        _form.ShowAll = true;
        if (_busy || _spec is not { } spec || _plan is not { } plan)
            return;
        if (plan is { NewRuns.Count: 0, ReusedRuns.Count: > 0 } && plan.ReusedRuns.Select(run => run.SweepId).Distinct().ToArray() is [var only])
        {
            Navigation.NavigateTo(Addresses.Sweep(only));
            return;
        }
        _busy = true;
        long? id = null;
        await WithStorageAsync(async () => id = await Sweeps.SubmitAsync(spec, await OwnerAsync(), CancellationToken.None));
        _busy = false;
        if (id is not { } made)
            return;
        await Browser.ForgetAsync(StorageKey);
        Navigation.NavigateTo(Addresses.Sweep(made));
    }

    private async Task ImportAsync(InputFileChangeEventArgs args)
    {
        try
        {
            using var reader = new StreamReader(args.File.OpenReadStream(LargestImport));
            _draft = SweepDraft.Of(SpecReader.ReadSweep(await reader.ReadToEndAsync()));
            await Edit(_form.Reset);
        }
        catch (SpecificationException exception)
        {
            _notice = $"{args.File.Name} was not taken. {string.Join(" ", exception.Errors.Take(3))}{(exception.Errors.Count > 3 ? $" And {exception.Errors.Count - 3} more." : "")}";
        }
        catch (IOException)
        {
            _notice = $"{args.File.Name} is larger than a specification can be ({Formatting.Numbers.Bytes(LargestImport)}).";
        }
    }

    private async Task ExportAsync() => await Browser.SaveAsync("sweep.json", (_spec?.ToJson(indented: true) ?? _draft.ToJson()) + "\n");

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
