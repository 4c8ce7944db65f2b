using Tracker.Storage;
using Tracker.Web.Formatting;

namespace Tracker.Web.Views;

/// <summary>What the page of the hosts shows.</summary>
/// <param name="Hosts">All hosts, in the order of the page.</param>
/// <param name="Queued">How many runs wait.</param>
public sealed record HostsModel(IReadOnlyList<HostView> Hosts, int Queued)
{
    /// <summary>Hosts, slots and what is amiss, in a sentence.</summary>
    public string Summary
    {
        get
        {
            var up = Hosts.Where(host => host.State == HostState.Up).ToList();
            var lost = Hosts.Count(host => host.State == HostState.Lost);
            var taking = up.Count switch
            {
                0 => "No host takes runs",
                1 => "1 host takes runs",
                _ => $"{up.Count} hosts take runs",
            };
            var slots = up.Count == 0 ? "" : $", {up.Sum(host => host.Runs.Count)} of {Numbers.Of(up.Sum(host => host.Slots), "slot")} busy";
            return taking + slots + (Queued > 0 ? $"; {Numbers.Of(Queued, "run")} {(Queued == 1 ? "waits" : "wait")}" : "") + "."
                + (lost > 0 ? $" {Numbers.Of(lost, "host")} {(lost == 1 ? "is" : "are")} lost." : "");
        }
    }
}
