using Microsoft.AspNetCore.Components;
using Tracker.Storage;
using Tracker.Web.Views;

namespace Tracker.Web.Components.Runs;

/// <summary>Settings of a run, beside those of another.</summary>
public sealed partial class ConfigurationPanel
{
    private const int MostOffered = 100;
    private const int Few = 8;

    private RunView? _other;
    private IReadOnlyList<Configuration.Row> _rows = [];
    private bool _all;

    [Parameter, EditorRequired]
    public required RunView Run { get; set; }

    /// <summary>Runs to compare with.</summary>
    [Parameter, EditorRequired]
    public required IReadOnlyList<RunView> Siblings { get; set; }

    /// <summary>The one asked for: 0 for none, null for the nearest.</summary>
    [Parameter, EditorRequired]
    public required long? Against { get; set; }

    [Inject]
    public required NavigationManager Navigation { get; set; }

    private IEnumerable<Configuration.Row> Shown => _all ? _rows : _other is null ? _rows.Take(Few) : _rows.Where(row => row.Differs);

    private string Hidden => _all ? $"{_rows.Count} fields" : _other is null ? $"{_rows.Count - Few} more" : $"{_rows.Count(row => !row.Differs)} equal fields hidden";

    private string Toggle => !_all ? "Show all" : _other is null ? "Show fewer" : "Only differences";

    protected override void OnParametersSet()
    {
        _other = Against is { } id ? Siblings.FirstOrDefault(run => run.Id == id && id != Run.Id) : Nearest;
        _rows = Configuration.Of(Run, _other);
    }

    // The run one technique before this one, with the same seed and the nearest batch.
    private RunView? Nearest => Siblings
        .Where(run => run.Id != Run.Id && run.Spec.Seed == Run.Spec.Seed && run.Spec.Method.TableColumn < Run.Spec.Method.TableColumn)
        .OrderByDescending(run => run.Spec.Method.TableColumn).ThenBy(run => Math.Abs(run.Spec.Batch - Run.Spec.Batch)).FirstOrDefault();

    private void Choose(ChangeEventArgs args) =>
        Navigation.NavigateTo(Navigation.GetUriWithQueryParameter("against", args.Value as string), replace: true);
}
