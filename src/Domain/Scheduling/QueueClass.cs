namespace Tracker.Domain;

/// <summary>The waiting runs of one priority class for one class of devices, owner by owner.</summary>
internal sealed class QueueClass(DeviceClass device, OwnerQueue[] owners)
{
    internal DeviceClass Device { get; } = device;

    internal OwnerQueue[] Owners { get; } = owners;

    /// <summary>
    /// The owner whose turn it is: with the least device time, then with the lowest position. Owners for whom a device is held back
    /// come behind the others, so that a run that waits for room does not lose its turn to shorter ones of the same owner.
    /// </summary>
    internal OwnerQueue? Next(int pass)
    {
        OwnerQueue? next = null;
        foreach (var owner in Owners)
            if (owner.DoneInPass != pass && owner.LowestPosition != SweepQueue.NothingWaits && (next == null || IsBefore(owner, next, pass)))
                next = owner;
        return next;
    }

    /// <summary>Whether an owner had less device time than another, or as much and has the earlier run.</summary>
    internal static bool HasLess(OwnerQueue one, OwnerQueue other)
    {
        var (oneSeconds, otherSeconds) = (one.Share.Seconds, other.Share.Seconds);
        return oneSeconds != otherSeconds ? oneSeconds < otherSeconds : one.LowestPosition < other.LowestPosition;
    }

    private static bool IsBefore(OwnerQueue one, OwnerQueue other, int pass)
    {
        var (oneWaits, otherWaits) = (one.WaitsInPass == pass, other.WaitsInPass == pass);
        if (oneWaits != otherWaits) return otherWaits;
        return HasLess(one, other);
    }
}
