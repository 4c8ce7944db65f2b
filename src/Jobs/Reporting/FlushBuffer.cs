using Tracker.Domain;
using Tracker.Storage;

namespace Tracker.Jobs.Reporting;

/// <summary>How much the buffer holds.</summary>
/// <param name="PointsPerFlush">Points in one flush at most.</param>
/// <param name="PointsInMemory">Points beyond which sealed flushes go to the spool while Postgres is away.</param>
/// <param name="PointsAtMost">Points at which training waits, reached only when the spool's disk refuses too; 48 bytes each.</param>
internal sealed record FlushLimits(int PointsPerFlush, int PointsInMemory, int PointsAtMost)
{
    public static FlushLimits Default { get; } = new(10_000, 100_000, 2_000_000);
}

/// <summary>
/// What training reported and Postgres has not got yet. The training thread adds and waits for no I/O; one flush loop takes. Flushes
/// are numbered and leave in the order in which they were filled; a checkpoint closes the flush that holds the points before it.
/// The spool belongs to the flush loop alone and holds what is older than everything in memory.
/// </summary>
internal sealed class FlushBuffer(FlushSpool spool, FlushLimits limits, Action wake, Action<string> say)
{
    private readonly object _lock = new();
    private Queue<RunFlush> _sealed = new();
    private List<MetricPoint> _points = [];
    private List<(EventLevel, string)> _events = [];
    private RunProgress? _progress;
    private long _sequence;
    private int _sealedPoints;
    private bool _closed;
    private bool _spoolRefused;

    /// <summary>Adds a point; waits only at <see cref="FlushLimits.PointsAtMost"/>.</summary>
    public void Add(in MetricPoint point)
    {
        var full = false;
        lock (_lock)
        {
            WaitForRoom();
            if (_closed) return;
            _points.Add(point);
            if (_points.Count >= limits.PointsPerFlush)
            {
                Seal(checkpoint: null);
                full = true;
            }
        }
        if (full) wake();
    }

    /// <summary>Replaces the progress that goes with the next flush.</summary>
    public void Set(RunProgress progress)
    {
        lock (_lock) _progress = progress;
    }

    /// <summary>Closes the present flush with a checkpoint.</summary>
    public void Add(CheckpointInfo checkpoint)
    {
        lock (_lock)
        {
            if (_closed) return;
            Seal(checkpoint);
        }
        wake();
    }

    /// <summary>Adds an event.</summary>
    public void Add(EventLevel level, string message)
    {
        lock (_lock)
        {
            if (!_closed) _events.Add((level, message));
        }
    }

    /// <summary>Takes the oldest flush with the latest progress, or <see langword="null"/> when there is nothing to tell.</summary>
    public RunFlush? Take()
    {
        var flush = spool.IsEmpty ? null : spool.Take();
        lock (_lock)
        {
            if (flush is null)
            {
                if (_sealed.Count == 0 && (_points.Count > 0 || _events.Count > 0 || _progress is not null)) Seal(checkpoint: null);
                if (!_sealed.TryDequeue(out flush)) return null;
                _sealedPoints -= flush.Points.Count;
                Monitor.PulseAll(_lock);
            }
            flush = flush with { Progress = _progress };
            _progress = null;
            return flush;
        }
    }

    /// <summary>Whether a whole flush waits, so that the next one need not wait for its time.</summary>
    public bool HasSealed
    {
        get
        {
            lock (_lock) return !spool.IsEmpty || _sealed.Count > 0;
        }
    }

    /// <summary>Moves sealed flushes to the spool when there are too many of them to keep in memory.</summary>
    public void SpoolExcess()
    {
        Queue<RunFlush> excess;
        lock (_lock)
        {
            if (_sealedPoints <= limits.PointsInMemory) return;
            excess = _sealed;
            _sealed = new();
        }
        try
        {
            // Outside the lock: training goes on while the disk writes.
            spool.Append(excess);
            lock (_lock)
            {
                _sealedPoints -= excess.Sum(f => f.Points.Count);
                Monitor.PulseAll(_lock);
            }
            _spoolRefused = false;
        }
        catch (IOException e)
        {
            lock (_lock) _sealed = new(excess.Concat(_sealed));
            if (!_spoolRefused) say($"Points are kept in memory, because the local file for them cannot be written: {e.Message}");
            _spoolRefused = true;
        }
    }

    /// <summary>Drops everything and takes nothing more, because nothing may be written any more.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _closed = true;
            _sealed.Clear();
            _sealedPoints = 0;
            _points = [];
            _events = [];
            _progress = null;
            Monitor.PulseAll(_lock);
        }
    }

    private void Seal(CheckpointInfo? checkpoint)
    {
        _sealed.Enqueue(new(++_sequence, _points, Progress: null, checkpoint, _events));
        _sealedPoints += _points.Count;
        _points = [];
        _events = [];
    }

    private void WaitForRoom()
    {
        if (_closed || _sealedPoints < limits.PointsAtMost) return;
        say($"Training waits: {_sealedPoints} points could be written neither to Postgres nor to the local file.");
        while (!_closed && _sealedPoints >= limits.PointsAtMost) Monitor.Wait(_lock);
    }
}
