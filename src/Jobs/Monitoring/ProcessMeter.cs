using Tracker.Domain;

namespace Tracker.Jobs.Monitoring;

/// <summary>Cores in use by this process since the reading before, and its resident memory.</summary>
/// <param name="clock">Time.</param>
/// <param name="processorTime">Processor time of the process so far.</param>
/// <param name="memory">Bytes resident.</param>
internal sealed class ProcessMeter(TimeProvider clock, Func<TimeSpan> processorTime, Func<long> memory) : ISystemMeter
{
    private long _readAt = clock.GetTimestamp();
    private TimeSpan _used = processorTime();

    /// <summary>Measures the present process.</summary>
    public ProcessMeter(TimeProvider clock) : this(clock, () => Environment.CpuUsage.TotalTime, () => Environment.WorkingSet)
    {
    }

    public string Subject => "The use of processor and memory";

    public IReadOnlyList<(string Name, double Value)> Read()
    {
        var (elapsed, used) = (clock.GetElapsedTime(_readAt), processorTime());
        var cores = elapsed > TimeSpan.Zero ? (used - _used) / elapsed : 0;
        (_readAt, _used) = (clock.GetTimestamp(), used);
        return [(MetricNames.SystemCpu, cores), (MetricNames.SystemMemory, memory())];
    }

    public void Dispose()
    {
    }
}
