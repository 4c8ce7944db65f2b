using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Tracker.Training;

/// <summary>
/// libtorch's automatic casts: within a region, matrix products and convolutions of this thread compute in bfloat16, what needs more
/// digits stays in 32 bits, and weights and their gradients keep 32 bits. TorchSharp has no such regions.
/// </summary>
internal static partial class Autocast
{
    /// <summary>Whether there are such regions.</summary>
    public static bool IsAvailable => Shim.IsPresent;

    /// <summary>Whether this thread is in a region. What computes past libtorch has to keep out of it.</summary>
    [field: ThreadStatic]
    public static bool IsOn { get; private set; }

    /// <summary>Begins a region.</summary>
    /// <param name="device">Where the casts apply.</param>
    /// <returns>Ends the region; on the same thread, please.</returns>
    /// <exception cref="InvalidOperationException">There are no regions, or this thread is in one.</exception>
    public static IDisposable Enter(Device device)
    {
        ArgumentNullException.ThrowIfNull(device);
        if (!IsAvailable) throw new InvalidOperationException("This tensor library has no automatic casts.");
        if (IsOn) throw new InvalidOperationException("Regions of automatic casts cannot be nested.");
        Shim.Check(tt_autocast_enter((int)device.type));
        IsOn = true;
        return new Region((int)device.type);
    }

    private sealed class Region(int device) : IDisposable
    {
        public void Dispose()
        {
            IsOn = false;
            Shim.Check(tt_autocast_leave(device));
        }
    }

    [LibraryImport(Shim.Library)] private static partial int tt_autocast_enter(int device);
    [LibraryImport(Shim.Library)] private static partial int tt_autocast_leave(int device);
}
