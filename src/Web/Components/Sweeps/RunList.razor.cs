using Microsoft.AspNetCore.Components;
using Tracker.Storage;
using Tracker.Web.Views;

namespace Tracker.Web.Components.Sweeps;

/// <summary>Runs as rows.</summary>
public sealed partial class RunList
{
    private IReadOnlyList<long> _ids = [];

    [Parameter, EditorRequired]
    public required IReadOnlyList<RunView> Runs { get; set; }

    [Parameter]
    public string Title { get; set; } = "All runs";

    /// <summary>How many there are with those that are not listed.</summary>
    [Parameter, EditorRequired]
    public required int All { get; set; }

    [Parameter, EditorRequired]
    public required ChosenRuns Selection { get; set; }

    /// <summary>The selection has changed.</summary>
    [Parameter]
    public EventCallback OnSelect { get; set; }

    [Parameter, EditorRequired]
    public required Func<Func<CancellationToken, Task>, Task> Act { get; set; }

    private ICollection<RunView> Items => [.. Runs];

    protected override void OnParametersSet() => _ids = [.. Runs.Select(run => run.Id)];

    private static string Shorten(string line) => line.Length <= 48 ? line : line[..47] + "…";

    private Task ChooseAsync(IReadOnlyList<long> runs)
    {
        Selection.Toggle(runs);
        return OnSelect.InvokeAsync();
    }
}
