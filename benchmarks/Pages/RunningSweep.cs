using Tracker.Domain;
using Tracker.Storage;

namespace Tracker.Benchmarks.Pages;

/// <summary>Goes on with the runs that are recorded as running, as their training processes would: a flush a second with points and progress.</summary>
internal sealed class RunningSweep(IRunWriter writer, IReadOnlyList<RunView> runs) : IAsyncDisposable
{
    private static readonly TimeSpan s_pace = TimeSpan.FromSeconds(1);

    // So many flushes from start to end, whatever a run's length: all of them change as long as anybody looks.
    private const int Flushes = 2_000;

    // Larger than any number that the runs have used, also in an earlier measurement.
    private readonly long _firstSequence = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
    private readonly CancellationTokenSource _ended = new();
    private Task _writing = Task.CompletedTask;

    public void Start() => _writing = WriteAsync(_ended.Token);

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _writing;
        _ended.Dispose();
    }

    private async Task WriteAsync(CancellationToken ended)
    {
        using var timer = new PeriodicTimer(s_pace);
        try
        {
            for (var flush = 0; await timer.WaitForNextTickAsync(ended); flush++)
            {
                foreach (var run in runs) await writer.FlushAsync(run.Id, run.Attempt, Next(run, flush), ended);
            }
        }
        catch (OperationCanceledException)
        {
            // The measurement is over.
        }
    }

    private RunFlush Next(RunView run, int flush)
    {
        var plan = RunPlan.For(run.Spec);
        var steps = Math.Max(1, plan.TotalSteps / Flushes);
        var first = (run.Progress?.Step ?? 0) + 1 + flush * steps;
        var last = Math.Min(first + steps - 1, plan.TotalSteps);
        double Epoch(long step) => (double)step / plan.StepsPerEpoch;
        var points = new List<MetricPoint>();
        for (var step = first; step <= last; step++)
        {
            points.Add(new(step, Epoch(step), MetricNames.TrainLoss, step * 12, 0.3 + 1.0 / (1 + Epoch(step)) + 0.05 * Math.Sin(step)));
            points.Add(new(step, Epoch(step), MetricNames.GradientNorm, step * 12, 0.5 + 0.1 * Math.Cos(step)));
        }
        points.Add(new(Math.Max(first, last), Epoch(last), MetricNames.ValidationAccuracy, last * 12, 0.85 - 0.5 / (1 + Epoch(last))));
        var progress = new RunProgress(last, plan.TotalSteps, Epoch(last), plan.Epochs, 9_000 + flush % 100, 600, 0.4, 0.84, 0.85);
        return new(_firstSequence + flush, last >= first ? points : [], progress, null, []);
    }
}
