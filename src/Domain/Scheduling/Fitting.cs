using System.Globalization;

namespace Tracker.Domain;

/// <summary>Whether any host that is present could take a run, if it were empty.</summary>
public static class Fitting
{
    /// <summary>What the present hosts lack for a run.</summary>
    /// <param name="hosts">The hosts.</param>
    /// <param name="device">Cpu or Cuda.</param>
    /// <param name="memoryBytes">Device memory that it needs; 0 when unknown.</param>
    /// <param name="labels">Labels that the host must have.</param>
    /// <returns>A sentence for people, or <see langword="null"/> when one of them could take it.</returns>
    public static string? WhatIsMissing(IReadOnlyList<HostOffer> hosts, DeviceClass device, long memoryBytes, IReadOnlyList<string> labels)
    {
        ArgumentNullException.ThrowIfNull(hosts);
        ArgumentNullException.ThrowIfNull(labels);
        if (hosts.Count == 0) return "No job host is up.";

        var name = NameOf(device);
        var offers = hosts.OrderBy(h => h.Id).SelectMany(h => h.Devices.Where(d => d.Class == device).Select(d => (Host: h, Device: d))).ToList();
        if (offers.Count == 0) return $"No present host has a {name}.";

        var labelled = offers.FindAll(o => labels.All(o.Host.Labels.Contains));
        var wanted = labels.Count == 0 ? "" : $" {(labels.Count == 1 ? "the label" : "the labels")} {string.Join(", ", labels)}";
        if (labelled.Count == 0) return $"No present host with a {name} has{wanted}.";

        if (labelled.Exists(o => HasRoom(o.Device, memoryBytes))) return null;
        var (host, largest) = labelled.MaxBy(o => o.Device.MemoryBytes);
        var of = labels.Count == 0 ? "a present host" : $"a present host with{wanted}";
        return $"Needs {Gigabytes(memoryBytes)} of device memory; the largest {name} of {of} has {Gigabytes(largest.MemoryBytes)} ({host.Name}).";
    }

    /// <summary>Whether a device has as much memory, used or not; one whose memory is not known is taken to have it.</summary>
    internal static bool HasRoom(DeviceOffer device, long memoryBytes) => device.MemoryBytes == 0 || memoryBytes <= device.MemoryBytes;

    /// <summary>What people call a device of the class.</summary>
    internal static string NameOf(DeviceClass device) => device == DeviceClass.Cuda ? "CUDA device" : "CPU";

    internal static string Gigabytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.#} GB");
}
