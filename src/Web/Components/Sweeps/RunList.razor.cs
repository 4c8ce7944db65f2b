using Microsoft.AspNetCore.Components;
using Tracker.Storage;
using Tracker.Web.Formatting;

namespace Tracker.Web.Components.Sweeps;

/// <summary>Runs as rows.</summary>
public sealed partial class RunList
{
    private readonly HashSet<long> _chosen = [];

    [Parameter, EditorRequired]
    public required IReadOnlyList<RunView> Runs { get; set; }

    [Parameter]
    public string Title { get; set; } = "All runs";

    /// <summary>For runs of different sweeps.</summary>
    [Parameter]
    public bool ShowNetwork { get; set; }

    [Parameter, EditorRequired]
    public required int All { get; set; }

    [Parameter, EditorRequired]
    public required Func<Func<CancellationToken, Task>, Task> Act { get; set; }

    [Inject]
    public required IRuns Source { get; set; }

    [Inject]
    public required Confirmation Confirmation { get; set; }

    private ICollection<RunView> Items => [.. Runs];

    protected override void OnParametersSet() => _chosen.IntersectWith(Runs.Select(run => run.Id));

    private static string Shorten(string line) => line.Length <= 48 ? line : line[..47] + "…";

    private void Choose(long id)
    {
        if (!_chosen.Remove(id))
            _chosen.Add(id);
    }

    private void ChooseAll(ChangeEventArgs args)
    {
        _chosen.Clear();
        if (args.Value is true)
            _chosen.UnionWith(Runs.Select(run => run.Id));
    }

    private Task ForChosenAsync(Func<long, CancellationToken, Task<VerbResult?>> verb) => Act(async token =>
    {
        foreach (var id in _chosen.ToArray())
            await verb(id, token);
        _chosen.Clear();
    });

    private async Task CancelAsync()
    {
        if (await Confirmation.AskAsync("Cancel the chosen runs?", $"{Numbers.Of(_chosen.Count, "run")} end now. What they recorded is kept, and they can be retried from their checkpoints.", $"Cancel {Numbers.Of(_chosen.Count, "run")}"))
            await ForChosenAsync(Source.CancelAsync);
    }
}
