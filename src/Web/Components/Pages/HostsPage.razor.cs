using Microsoft.AspNetCore.Components;
using Tracker.Storage;
using Tracker.Web.Views;

namespace Tracker.Web.Components.Pages;

public sealed partial class HostsPage
{
    [Inject]
    public required IHosts Hosts { get; set; }

    [Inject]
    public required IRuns Runs { get; set; }

    protected override object Key => "hosts";

    protected override bool Concerns(Change change) => change.Kind is ChangeKind.Host or ChangeKind.Run;

    protected override async Task<HostsModel?> LoadAsync(CancellationToken cancellationToken) =>
        new([.. (await Hosts.ListAsync(cancellationToken)).InOrder()], (await Runs.CountsAsync(cancellationToken)).Queued);
}
