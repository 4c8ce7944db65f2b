using System.Globalization;
using Tracker.Domain;

namespace Tracker.Jobs.Monitoring;

/// <summary>
/// How busy a run's GPU is and how much of its memory the run holds. The driver's libraries are loaded at the first reading, when
/// libtorch has loaded them already.
/// </summary>
/// <param name="device">The device as libtorch counts it, such as <c>cuda:0</c>.</param>
/// <param name="managementLibrary">The driver's management library.</param>
/// <param name="driverLibrary">CUDA's driver.</param>
internal sealed class GpuMeter(string device, string managementLibrary = Nvml.Library, string driverLibrary = CudaDriver.Library) : ISystemMeter
{
    private Nvml? _nvml;
    private nint _handle;

    public string Subject => $"The use of {device}";

    public IReadOnlyList<(string Name, double Value)> Read()
    {
        if (_nvml is null) Open();
        var memory = _nvml!.MemoryOf(_handle, Environment.ProcessId);
        return _nvml.BusyPercent(_handle) is { } busy
            ? [(MetricNames.SystemGpu, busy), (MetricNames.SystemGpuMemory, memory)]
            : [(MetricNames.SystemGpuMemory, memory)];
    }

    public void Dispose() => _nvml?.Dispose();

    private void Open()
    {
        var parts = device.Split(':');
        var ordinal = parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 0;
        _nvml = Nvml.Open(managementLibrary);
        // libtorch's numbers follow CUDA's order and CUDA_VISIBLE_DEVICES, the management library's do not: they meet in the bus id.
        _handle = _nvml.DeviceAt(CudaDriver.BusIdOf(ordinal, driverLibrary));
    }
}
