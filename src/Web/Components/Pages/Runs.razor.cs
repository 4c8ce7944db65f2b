using Microsoft.AspNetCore.Components;
using Tracker.Storage;
using Tracker.Web.Views;

namespace Tracker.Web.Components.Pages;

public sealed partial class Runs
{
    private const int PageSize = 100;
    private const int MostById = 200;

    private readonly ChosenRuns _chosen = new();

    /// <summary>Just these runs, separated by commas.</summary>
    [SupplyParameterFromQuery(Name = "ids")]
    public string? Ids { get; set; }

    /// <summary>Runs older than this one.</summary>
    [SupplyParameterFromQuery(Name = "before")]
    public long? Before { get; set; }

    [Inject]
    public required IRuns Source { get; set; }

    protected override object Key => (Ids, Before);

    protected override bool Concerns(Change change) => change.Kind is ChangeKind.Run or ChangeKind.Sweep;

    protected override async Task<RunsModel?> LoadAsync(CancellationToken cancellationToken)
    {
        if (Ids is null)
        {
            var runs = await Source.ListAsync(new RunFilter(), PageSize + 1, Before, cancellationToken);
            return new([.. runs.Take(PageSize)], runs.Count > PageSize ? runs[PageSize - 1].Id : null);
        }
        var found = new List<RunView>();
        foreach (var text in Ids.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Take(MostById))
        {
            if (long.TryParse(text, out var id) && await Source.FindAsync(id, cancellationToken) is { } run)
                found.Add(run);
        }
        return new(found, null);
    }
}
