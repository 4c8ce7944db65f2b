using Microsoft.AspNetCore.Components;
using Tracker.Domain;
using Tracker.Storage;
using Tracker.Web.Live;
using Tracker.Web.Views;

namespace Tracker.Web.Components.Pages;

public sealed partial class Sweeps
{
    private const int PageSize = 50;

    /// <summary>All that are shown are read again when something changes, so that there is an end to it.</summary>
    private const int Most = 500;

    private static readonly IReadOnlyList<RunState> s_states =
        [RunState.Running, RunState.Queued, RunState.Paused, RunState.Failed, RunState.Cancelled, RunState.Succeeded];

    private int _wanted = PageSize;
    private bool _reading;
    private readonly HashSet<string> _sent = new(StringComparer.Ordinal);
    private string? _first;
    private string? _typed;
    private int _field;

    /// <summary>What their names have in them.</summary>
    [SupplyParameterFromQuery(Name = "name")]
    public string? Name { get; set; }

    [SupplyParameterFromQuery(Name = "state")]
    public string? StateName { get; set; }

    [SupplyParameterFromQuery(Name = "network")]
    public string? Network { get; set; }

    [SupplyParameterFromQuery(Name = "owner")]
    public string? Owner { get; set; }

    [Inject]
    public required ISweeps Source { get; set; }

    [Inject]
    public required SharedReads Reads { get; set; }

    protected override object Key => "sweeps";

    protected override object Options => (Name, State, Network, Owner, _wanted);

    protected override TimeSpan Pace => TimeSpan.FromSeconds(2);

    private RunState? State => Enum.TryParse<RunState>(StateName, ignoreCase: true, out var state) && s_states.Contains(state) ? state : null;

    private bool Filtered => !string.IsNullOrEmpty(Name) || State is not null || !string.IsNullOrEmpty(Network) || !string.IsNullOrEmpty(Owner);

    protected override bool Concerns(Change change) => change.Kind is ChangeKind.Sweep or ChangeKind.Run;

    protected override async Task<SweepList?> LoadAsync(CancellationToken cancellationToken)
    {
        var search = new SweepSearch(_wanted + 1) { Name = Name, State = State, Network = OrNull(Network), Owner = OrNull(Owner) };
        var sweeps = await Reads.GetAsync(search, static change => change.Kind is ChangeKind.Sweep, token => Source.ListAsync(search, token), cancellationToken);
        var shown = search.Limit - 1;
        return new([.. sweeps.Take(shown)], sweeps.Count > shown ? sweeps[shown - 1].Id : null, Model?.Owners ?? await Source.OwnersAsync(cancellationToken));
    }

    private static string? OrNull(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private async Task OlderAsync()
    {
        _reading = true;
        _wanted = Math.Min(_wanted + PageSize, Most);
        await ReloadAsync(CancellationToken.None);
        _reading = false;
    }

    /// <summary>
    /// The address comes back from the browser later than the next letters. The field is left to whoever types, and made anew only
    /// when its text comes from elsewhere, as by a link that clears the filter.
    /// </summary>
    protected override void OnParametersSet()
    {
        if (_sent.Remove(Name ?? "") || (_field > 0 && OrNull(Name) == _typed))
            return;
        _sent.Clear();
        (_first, _typed) = (Name, OrNull(Name));
        _field++;
    }

    private void Type(string? text)
    {
        _typed = OrNull(text);
        _sent.Add(_typed ?? "");
        Go("name", text);
    }

    private void Go(string name, string? value)
    {
        _wanted = PageSize;
        Navigation.NavigateTo(Navigation.GetUriWithQueryParameter(name, OrNull(value)), replace: true);
    }
}
