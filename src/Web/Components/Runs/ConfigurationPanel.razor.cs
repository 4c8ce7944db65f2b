using Microsoft.AspNetCore.Components;
using Tracker.Storage;
using Tracker.Web.Components.Parts;
using Tracker.Web.Formatting;
using Tracker.Web.Views;

namespace Tracker.Web.Components.Runs;

/// <summary>Settings of a run, beside those of another.</summary>
public sealed partial class ConfigurationPanel
{
    private const int MostOffered = 30;
    private const int Few = 8;

    private IReadOnlyList<RunBrief> _offered = [];
    private IReadOnlyList<Configuration.Row> _rows = [];
    private bool _all;
    private bool _typing;
    private string? _wanted;
    private string? _fault;

    [Parameter, EditorRequired]
    public required RunView Run { get; set; }

    /// <summary>Runs that are offered to compare with.</summary>
    [Parameter, EditorRequired]
    public required IReadOnlyList<RunBrief> Siblings { get; set; }

    /// <summary>The one that it is compared with.</summary>
    [Parameter, EditorRequired]
    public required RunView? Other { get; set; }

    /// <summary>The one asked for: 0 for none, null for the nearest.</summary>
    [Parameter, EditorRequired]
    public required long? Against { get; set; }

    [Inject]
    public required NavigationManager Navigation { get; set; }

    private IEnumerable<Configuration.Row> Shown => _all ? _rows : Other is null ? _rows.Take(Few) : _rows.Where(row => row.Differs);

    private string Hidden => _all ? $"{_rows.Count} fields" : Other is null ? $"{_rows.Count - Few} more" : $"{_rows.Count(row => !row.Differs)} equal fields hidden";

    private string Toggle => !_all ? "Show all" : Other is null ? "Show fewer" : "Only differences";

    protected override void OnParametersSet()
    {
        _rows = Configuration.Of(Run, Other);
        // The likely ones: same seed or same method; of a large sweep the rest is found by typing.
        _offered =
        [
            .. Siblings.Where(brief => brief.Id != Run.Id)
                .OrderByDescending(brief => brief.Seed == Run.Spec.Seed).ThenByDescending(brief => brief.Method == Run.Spec.Method).Take(MostOffered).OrderBy(brief => brief.Id),
        ];
    }

    private static string Title(RunBrief brief) => brief.Name ?? $"{Technique.Of(brief.Method).Name}, batch {Numbers.Count(brief.Batch)}, seed {brief.Seed}";

    private void Choose(ChangeEventArgs args)
    {
        (_typing, _fault) = (args.Value as string == "other", null);
        if (!_typing)
            Go(args.Value as string);
    }

    private void Find()
    {
        var wanted = (_wanted ?? "").Trim();
        var digits = wanted.Replace(",", "", StringComparison.Ordinal);
        var words = wanted.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var found = long.TryParse(digits, out var id)
            ? id
            : Siblings.FirstOrDefault(brief => brief.Id != Run.Id && words.Length > 0 && words.All(word => Title(brief).Contains(word, StringComparison.OrdinalIgnoreCase)))?.Id;
        _fault = found is not null ? null
            : Run.External is null ? "No run of this sweep has that in its title."
            : "No run before or after this one has that in its title. The id of any other will do.";
        if (found is null)
            return;
        (_typing, _wanted) = (false, null);
        Go($"{found}");
    }

    private void Go(string? run) => Navigation.NavigateTo(Navigation.GetUriWithQueryParameter("against", run), replace: true);
}
