using Microsoft.AspNetCore.Components;
using Tracker.Storage;
using Tracker.Web.Views;

namespace Tracker.Web.Components.Pages;

public sealed partial class QueuePage
{
    /// <summary>Number of the page, from 1.</summary>
    [SupplyParameterFromQuery(Name = "page")]
    public int? Page { get; set; }

    [Inject]
    public required IQueue Queue { get; set; }

    [Inject]
    public required IRuns Runs { get; set; }

    [Inject]
    public required IHosts Hosts { get; set; }

    protected override object Key => "queue";

    protected override object Options => Page ?? 1;

    protected override bool Concerns(Change change) => change.Kind is ChangeKind.Run or ChangeKind.Sweep or ChangeKind.Host;

    protected override async Task<QueueModel?> LoadAsync(CancellationToken cancellationToken)
    {
        var page = Math.Clamp(Page ?? 1, 1, int.MaxValue / QueueModel.PageSize);
        var queue = await ReadAsync(page, cancellationToken);
        // The queue has become shorter than it was when somebody made the address: its last page is meant.
        if (queue.Entries.Count == 0 && queue.Total > 0)
            queue = await ReadAsync(page = QueueModel.PagesFor(queue.Total), cancellationToken);
        var slots = (await Hosts.ListAsync(cancellationToken)).Where(host => host.State == HostState.Up).Sum(host => host.Slots);
        return new(await Runs.ActiveAsync(cancellationToken), queue, queue.Total == 0 ? 1 : page, slots);
    }

    private Task<QueueView> ReadAsync(int page, CancellationToken cancellationToken) =>
        Queue.ReadAsync(QueueModel.PageSize, (page - 1) * QueueModel.PageSize, cancellationToken);
}
