using Microsoft.AspNetCore.Components;
using Tracker.Storage;
using Tracker.Web.Live;
using Tracker.Web.Views;

namespace Tracker.Web.Components.Pages;

public sealed partial class HostsPage
{
    [Inject]
    public required IHosts Hosts { get; set; }

    [Inject]
    public required IRuns Runs { get; set; }

    protected override object Key => "hosts";

    [Inject]
    public required SharedReads Reads { get; set; }

    protected override bool Concerns(Change change) => Matters(change);

    protected override async Task<HostsModel?> LoadAsync(CancellationToken cancellationToken) => await Reads.GetAsync("hosts", Matters, LoadForAllAsync, cancellationToken);

    private static bool Matters(Change change) => change.Kind is ChangeKind.Host or ChangeKind.Run;

    private async Task<HostsModel> LoadForAllAsync(CancellationToken cancellationToken) =>
        new([.. (await Hosts.ListAsync(cancellationToken)).InOrder()], (await Runs.CountsAsync(cancellationToken)).Queued);
}
