using Tracker.Domain;

namespace Tracker.Storage.Sweeps;

/// <summary>What a sweep's runs need of the place where they train.</summary>
internal static class SweepOutlook
{
    /// <summary>Device memory that a run needs: as stated, else as like runs took.</summary>
    public static long? MemoryOf(SweepSpec sweep, RunSpec run, DeviceClass device, DurationEstimator estimator) =>
        sweep.Placement.DeviceMemoryGb is { } stated ? (long)(stated * 1e9) : estimator.PeakMemory(run.Network, run.Dataset, device, run.Batch);
}
