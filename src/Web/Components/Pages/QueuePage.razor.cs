using Microsoft.AspNetCore.Components;
using Tracker.Domain;
using Tracker.Storage;
using Tracker.Web.Live;
using Tracker.Web.Views;

namespace Tracker.Web.Components.Pages;

public sealed partial class QueuePage
{
    /// <summary>Number of the page, from 1.</summary>
    [SupplyParameterFromQuery(Name = "page")]
    public string? PageText { get; set; }

    private int? Page => QueryValues.Int(PageText);

    /// <summary>Only runs of this sweep.</summary>
    [SupplyParameterFromQuery(Name = "sweep")]
    public string? SweepIdText { get; set; }

    private long? SweepId => QueryValues.Long(SweepIdText);

    /// <summary>Only runs for such a device.</summary>
    [SupplyParameterFromQuery(Name = "device")]
    public string? DeviceName { get; set; }

    [Inject]
    public required IQueue Queue { get; set; }

    [Inject]
    public required IRuns Runs { get; set; }

    [Inject]
    public required IHosts Hosts { get; set; }

    protected override object Key => "queue";

    protected override object Options => (Page ?? 1, Filter);

    private QueueFilter Filter => new(SweepId, DeviceName switch
    {
        "cpu" => DeviceClass.Cpu,
        "cuda" => DeviceClass.Cuda,
        _ => null,
    });

    [Inject]
    public required SharedReads Reads { get; set; }

    protected override bool Concerns(Change change) => Matters(change);

    protected override async Task<QueueModel?> LoadAsync(CancellationToken cancellationToken)
    {
        var (page, filter) = (Math.Clamp(Page ?? 1, 1, int.MaxValue / QueueModel.PageSize), Filter);
        return await Reads.GetAsync(("queue", page, filter), Matters, token => LoadForAllAsync(page, filter, token), cancellationToken);
    }

    private static bool Matters(Change change) => change.Kind is ChangeKind.Run or ChangeKind.Sweep or ChangeKind.Host;

    private async Task<QueueModel> LoadForAllAsync(int page, QueueFilter filter, CancellationToken cancellationToken)
    {
        var queue = await ReadAsync(filter, page, cancellationToken);
        // The queue has become shorter than it was when somebody made the address: its last page is meant.
        if (queue.Entries.Count == 0 && page > 1)
            queue = await ReadAsync(filter, page = QueueModel.PagesFor(queue.Matching), cancellationToken);
        var slots = (await Hosts.ListAsync(cancellationToken)).Where(host => host.State == HostState.Up).Sum(host => host.Slots);
        return new(await Runs.ActiveAsync(cancellationToken), queue, page, slots, filter);
    }

    private Task<QueueView> ReadAsync(QueueFilter filter, int page, CancellationToken cancellationToken) =>
        Queue.ReadAsync(filter, QueueModel.PageSize, (page - 1) * QueueModel.PageSize, cancellationToken);

    /// <summary>Changes one part of the filter, and begins at its first page.</summary>
    private void Go(string name, string? value) => Navigation.NavigateTo(Navigation.GetUriWithQueryParameters(new Dictionary<string, object?>
    {
        [name] = string.IsNullOrEmpty(value) ? null : value, ["page"] = null,
    }), replace: true);
}
