using TorchSharp;
using static TorchSharp.torch;

namespace Tracker.Training;

/// <summary>Random numbers are drawn on the CPU, so that every device sees the same.</summary>
internal static class HostDraws
{
    /// <summary>
    /// Hands a draw over to a device. To a GPU it is copied from pinned memory, which does not wait for the work that is queued there;
    /// libtorch keeps the memory until the copy is done.
    /// </summary>
    /// <param name="drawn">A tensor on the CPU.</param>
    /// <param name="device">Where it is needed.</param>
    public static Tensor OnDevice(this Tensor drawn, Device device)
    {
        if (device.type == DeviceType.CPU) return drawn.alias();
        using var pinned = drawn.pin_memory();
        return pinned.to(device, non_blocking: true);
    }
}
