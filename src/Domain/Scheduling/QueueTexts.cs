using System.Globalization;

namespace Tracker.Domain;

/// <summary>The sentences that tell people why a run stands where it stands.</summary>
internal sealed class QueueTexts(IReadOnlyList<HostOffer> hosts, Simulation simulation, Func<long, string> ownerName)
{
    private readonly Dictionary<RunShape, string> _noHost = [];

    private WaitingOrder Order => simulation.Queue.Order;

    internal static string AtOnce(DeviceLoad device) => $"Starts at once on {NameOf(device)}.";

    internal static string Priority(int higher) => $"{Runs(higher)} of higher priority {Go(higher)} first.";

    internal static string EarlierSweep(int earlier) => $"{Runs(earlier)} of earlier sweeps of the same owner {Go(earlier)} first.";

    internal static string LongestFirst(int place, bool longer) =>
        $"{Ordinal(place)} of its sweep: {(longer ? "longer runs first" : "equally long runs go in order")}.";

    internal static string SweepLimit(SweepLimit limit) =>
        $"{limit.Held} of {limit.Most} runs of its sweep {(limit.Held == 1 ? "trains" : "train")}.";

    internal static string HeldBack(WaitingRun run) =>
        string.Create(CultureInfo.InvariantCulture, $"Held back after a crash until {run.NotBefore!.Value.UtcDateTime:HH:mm:ss} UTC.");

    internal string NoHost(RunShape shape) => _noHost.TryGetValue(shape, out var text)
        ? text
        : _noHost[shape] = Fitting.WhatIsMissing(hosts, shape.Class, shape.Memory, shape.Labels)!;

    internal string FairShare(OwnerQueue owner, OwnerQueue first)
    {
        var (name, other) = (ownerName(owner.Owner), ownerName(first.Owner));
        var (used, less) = (Time(owner.Share.Seconds), Time(first.Share.Seconds));
        return used == less
            ? $"{name} and {other} have used as much device time lately ({used}); the runs of {other} came first."
            : $"{name} has used {used} of device time lately, {other}, whose runs go first, {less}.";
    }

    /// <summary>Of an owner who has a device kept for another run.</summary>
    internal string TurnIsSpent(OwnerQueue owner, HeldBackDevice kept) =>
        $"{NameOf(kept.Device)} is kept free for run {Order.Runs[kept.Rank].Id} of {ownerName(owner.Owner)}; until it starts, runs of others go first.";

    /// <summary>Of a run before which no other goes.</summary>
    internal (QueueReason Reason, string Explanation) Next(int rank, HeldBackDevice? kept)
    {
        var (run, shape) = (Order.Runs[rank], Order.Shapes[rank]);
        var devices = simulation.Cluster.Suitable(shape).Devices;
        var needs = shape.Timing ? "Needs a device for itself" : $"Needs {Fitting.Gigabytes(shape.Memory)} of device memory";
        if (kept?.Rank == rank)
        {
            var when = kept.Seconds > 0 ? $", expected to be free in {Time(kept.Seconds)}" : "";
            return (QueueReason.DeviceBusy, $"{needs}: {NameOf(kept.Device)} is kept for it{when}.");
        }

        if (shape.Timing) return (QueueReason.DeviceBusy, $"{needs}: {NoneOf(devices, "is empty", "is not empty")}.");
        var slots = devices.Sum(d => d.Offer.Slots);
        var busy = devices.Sum(d => d.Alone ? d.Offer.Slots : Math.Min(d.Used, d.Offer.Slots));
        var are = $"{busy} of {slots} {ClassOf(run.Device)} {(slots == 1 ? "slot is" : "slots are")} busy";
        if (busy == slots) return (QueueReason.NextSlot, $"Next to start: {are}.");
        return kept == null || !Array.Exists(devices, d => d.Physical == kept.Device.Physical)
            ? (QueueReason.DeviceBusy, $"{needs}: {NoneOf(devices, "has as much left", "has less left")}.")
            : (QueueReason.NextSlot, $"Next to start: {are}, and {NameOf(kept.Device)} is kept free for run {Order.Runs[kept.Rank].Id}.");
    }

    private static string NameOf(DeviceLoad device) => $"{device.Offer.Name} of {device.Host.Name}";

    private static string ClassOf(DeviceClass device) => device == DeviceClass.Cuda ? "CUDA" : "CPU";

    private static string NoneOf(DeviceLoad[] devices, string does, string doesNot) => devices.Length == 1
        ? $"{NameOf(devices[0])} {doesNot}"
        : $"none of {devices.Length} {Fitting.NameOf(devices[0].Offer.Class)}s {does}";

    private static string Runs(int count) => count == 1 ? "1 run" : $"{count} runs";

    private static string Go(int count) => count == 1 ? "goes" : "go";

    private static string Ordinal(int number) => (number % 100 is >= 11 and <= 13 ? 0 : number % 10) switch
    {
        1 => $"{number}st",
        2 => $"{number}nd",
        3 => $"{number}rd",
        _ => $"{number}th",
    };

    private static string Time(double seconds) => string.Create(CultureInfo.InvariantCulture, $"{seconds switch
    {
        < 90 => $"{seconds:0} s",
        < 5400 => $"{seconds / 60:0} min",
        _ => $"{seconds / 3600:0.0} h",
    }}");
}
