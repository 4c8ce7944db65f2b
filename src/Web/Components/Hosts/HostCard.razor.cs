using Microsoft.AspNetCore.Components;
using Tracker.Domain;
using Tracker.Storage;
using Tracker.Web.Formatting;
using Tracker.Web.Views;

namespace Tracker.Web.Components.Hosts;

/// <summary>One host.</summary>
public sealed partial class HostCard
{
    private const int VersionShown = 16;

    [Parameter, EditorRequired]
    public required HostView Host { get; set; }

    [CascadingParameter]
    public required ViewerTime Viewer { get; set; }

    [Inject]
    public required IHosts Hosts { get; set; }

    private string Id => $"host-{Host.Id}";

    private IReadOnlyList<HostSlot> Slots => SlotList.Of(Host);

    // A version carries a commit behind a plus sign, of which the first digits tell enough.
    // The server's clock may be ahead of this one.
    private DateTimeOffset Heard => Host.HeartbeatAt < Viewer.Now ? Host.HeartbeatAt : Viewer.Now;

    private string ShortVersion => Host.Version.Length <= VersionShown ? Host.Version : Host.Version[..VersionShown] + "…";

    private string Doing(RunView run) => run switch
    {
        { State: RunState.Queued } => "about to start",
        { State: RunState.Starting } => "starting",
        { Wish: RunWish.Pause } => "pausing",
        { Wish: RunWish.Cancel } => "cancelling",
        _ when run.EndsAt(Viewer.Now) is { } end => $"done {Viewer.At(end)}",
        _ => "loading data",
    } + (run.Timing ? ", has the device for itself" : run.Shared ? ", shares the device" : "");

    private Task DrainAsync()
    {
        var held = Host.Runs.Count;
        Task Drain(CancellationToken token) => Hosts.SetDrainAsync(Host.Id, true, token);
        return held == 0 ? Act(Drain) : ConfirmAsync(
            $"Drain {Host.Name}?", $"It takes no more runs. {Numbers.Of(held, "run")} {(held == 1 ? "writes a checkpoint and goes" : "write checkpoints and go")} back to the queue, at {(held == 1 ? "its place" : "their places")}, and on another host {(held == 1 ? "it goes" : "they go")} on from there.",
            $"Drain {Host.Name}", Drain);
    }

    private Task RemoveAsync() => ConfirmAsync(
        $"Remove {Host.Name}?", "It leaves this list. What its runs recorded stays, with the host's name. If it is started again it registers itself anew.",
        $"Remove {Host.Name}", token => Hosts.RemoveAsync(Host.Id, token));
}
