using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Tracker.Training;

/// <summary>
/// Records work as a CUDA graph: one launch then replaces hundreds. What is recorded must not wait for the device, must not copy from
/// the host, and works on the same tensors every time. TorchSharp has no graphs.
/// </summary>
/// <param name="device">The GPU.</param>
internal sealed partial class CudaGraph(Device device) : IGraph
{
    private nint _recording;

    /// <summary>Makes graphs for a device, or nothing where there are none: on a CPU, and with a library that was built without CUDA.</summary>
    /// <param name="device">The device.</param>
    public static Func<IGraph>? MakerFor(Device device)
    {
        ArgumentNullException.ThrowIfNull(device);
        return device.type == DeviceType.CUDA && Shim.IsPresent && tt_graph_available() != 0 ? () => new CudaGraph(device) : null;
    }

    /// <inheritdoc/>
    public void Record(Action work)
    {
        ArgumentNullException.ThrowIfNull(work);
        Free();
        var recording = tt_graph_begin(Math.Max(device.index, 0));
        if (recording == 0) throw Shim.LastError();
        try
        {
            work();
            Shim.Check(tt_graph_end(recording));
        }
        catch
        {
            // The failure that counts is the one in flight; giving up a broken recording fails as well.
            _ = tt_graph_free(recording);
            throw;
        }
        _recording = recording;
    }

    /// <inheritdoc/>
    public void Replay()
    {
        if (_recording == 0) throw new InvalidOperationException("Nothing has been recorded.");
        Shim.Check(tt_graph_replay(_recording));
    }

    /// <summary>Frees the graph and the memory that it keeps.</summary>
    public void Dispose() => Free();

    private void Free()
    {
        if (_recording == 0) return;
        var recording = _recording;
        _recording = 0;
        Shim.Check(tt_graph_free(recording));
    }

    [LibraryImport(Shim.Library)] private static partial int tt_graph_available();
    [LibraryImport(Shim.Library)] private static partial nint tt_graph_begin(int device);
    [LibraryImport(Shim.Library)] private static partial int tt_graph_end(nint recording);
    [LibraryImport(Shim.Library)] private static partial int tt_graph_replay(nint recording);
    [LibraryImport(Shim.Library)] private static partial int tt_graph_free(nint recording);
}
