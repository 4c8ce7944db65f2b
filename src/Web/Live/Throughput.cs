using Tracker.Storage;

namespace Tracker.Web.Live;

/// <summary>Samples per second of all runs together over the last minutes, for the small curve on Home.</summary>
public sealed partial class Throughput(IRuns runs, TimeProvider clock, ILogger<Throughput> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);
    private const int Kept = 60;

    private readonly Lock _gate = new();
    private readonly Queue<double> _samples = new(Kept);

    /// <summary>One value per ten seconds, oldest first, at most ten minutes.</summary>
    public IReadOnlyList<double> History
    {
        get
        {
            lock (_gate)
                return [.. _samples];
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        while (await NextAsync(timer, stoppingToken))
        {
            try
            {
                var active = await runs.ActiveAsync(stoppingToken);
                Add(active.Sum(run => run.Progress?.SamplesPerSecond ?? 0));
            }
            catch (Exception exception) when (TransientErrors.IsTransient(exception))
            {
                // The database is away: the curve has a hole of that length, which it does not draw.
                NotMeasured(exception.Message);
            }
        }
    }

    private static async Task<bool> NextAsync(PeriodicTimer timer, CancellationToken stoppingToken)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stoppingToken);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private void Add(double samplesPerSecond)
    {
        lock (_gate)
        {
            if (_samples.Count == Kept)
                _samples.Dequeue();
            _samples.Enqueue(samplesPerSecond);
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Throughput not measured: {Reason}")]
    private partial void NotMeasured(string reason);
}
