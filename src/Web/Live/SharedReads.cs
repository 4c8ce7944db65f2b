using Tracker.Storage;

namespace Tracker.Web.Live;

/// <summary>
/// Reads once what many pages show: fifty circuits on one sweep cost as much as one. A page wraps the query of its load:
/// <code>
/// Reads.GetAsync(("sweep's runs", Id), change => change.SweepId == Id, token => Runs.OfSweepAsync(Id, token), cancellationToken)
/// </code>
/// The key says all that the answer depends on (ids, options) and has value equality, such as a tuple; the answer is immutable, since everybody is
/// handed the same. An answer holds until a change that concerns it, or for <see cref="LongestAge"/> unless another age is said. Nobody is handed an answer whose
/// query began before a change that he may have been told of. After a change the query is not repeated before <see cref="LiveHub.Pace"/> has passed, and
/// never while it still runs: those who ask meanwhile wait together.
/// </summary>
public sealed class SharedReads : IDisposable
{
    /// <summary>How long an answer holds when no change is heard of: not everything that pages show is told of.</summary>
    public static readonly TimeSpan LongestAge = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly Dictionary<object, Read> _reads = [];
    private readonly CancellationTokenSource _ended = new();
    private readonly LiveHub _hub;
    private readonly TimeProvider _clock;

    public SharedReads(LiveHub hub, TimeProvider clock)
    {
        (_hub, _clock) = (hub, clock);
        hub.BeforeTelling += Forget;
    }

    /// <summary>The answer to a query, shared with everybody who asks the same.</summary>
    /// <param name="key">What is asked; with the type of the answer it tells queries apart.</param>
    /// <param name="concerns">Whether a change may alter the answer. Runs on the listener's thread: quick, pure, never throws.</param>
    /// <param name="load">The query. Its token is not the caller's: whoever gives up does not end it for others.</param>
    /// <param name="cancellationToken">Ends the wait, not the query.</param>
    public Task<T> GetAsync<T>(object key, Func<Change, bool> concerns, Func<CancellationToken, Task<T>> load, CancellationToken cancellationToken) =>
        GetAsync(key, LongestAge, concerns, load, cancellationToken);

    /// <summary>The same, for what is dear to read and changes slowly: the answer may be older.</summary>
    /// <param name="key">What is asked; with the type of the answer it tells queries apart.</param>
    /// <param name="longestAge">How long the answer holds when no change is heard of that concerns it.</param>
    /// <param name="concerns">Whether a change may alter the answer so much that it cannot wait until then.</param>
    /// <param name="load">The query.</param>
    /// <param name="cancellationToken">Ends the wait, not the query.</param>
    public Task<T> GetAsync<T>(
        object key, TimeSpan longestAge, Func<Change, bool> concerns, Func<CancellationToken, Task<T>> load, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_ended.IsCancellationRequested, this);
            var now = _clock.GetUtcNow();
            var whole = (typeof(T), key);
            if (_reads.GetValueOrDefault(whole) is not { } read || !read.Holds(now))
            {
                ForgetOld(now);
                _reads[whole] = read = Begin(longestAge, concerns, load, _reads.GetValueOrDefault(whole), now);
            }
            return ((Task<T>)read.Answer).WaitAsync(cancellationToken);
        }
    }

    public void Dispose()
    {
        _hub.BeforeTelling -= Forget;
        _ended.Cancel();
        _ended.Dispose();
    }

    private Read Begin<T>(TimeSpan longestAge, Func<Change, bool> concerns, Func<CancellationToken, Task<T>> load, Read? former, DateTimeOffset now)
    {
        var read = new Read(longestAge, concerns, former is null ? now : Later(former.Begins + LiveHub.Pace, now));
        var ended = _ended.Token;
        // Away from the caller's circuit, whose renderer would otherwise run the query's continuations, and without what flows with its calls.
        using (ExecutionContext.SuppressFlow())
            read.Answer = Task.Run(() => LoadAsync(read, load, former?.Answer, ended), ended);
        return read;
    }

    private async Task<T> LoadAsync<T>(Read read, Func<CancellationToken, Task<T>> load, Task? former, CancellationToken ended)
    {
        if (former is not null) await former.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (read.Begins - _clock.GetUtcNow() is { Ticks: > 0 } rest) await Task.Delay(rest, _clock, ended);
        lock (_gate) read.Begin(_clock.GetUtcNow());
        return await load(ended);
    }

    private void Forget(Change? change)
    {
        lock (_gate)
        {
            foreach (var read in _reads.Values) read.Hear(change);
        }
    }

    private void ForgetOld(DateTimeOffset now)
    {
        foreach (var (key, read) in _reads)
        {
            if (!read.Holds(now) && read.Begins + read.LongestAge < now && read.Answer.IsCompleted) _reads.Remove(key);
        }
    }

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;

    /// <summary>One time that a query is made. All but <see cref="Answer"/> is touched under the gate.</summary>
    private sealed class Read(TimeSpan longestAge, Func<Change, bool> concerns, DateTimeOffset begins)
    {
        private bool _begun;
        private bool _stale;

        /// <summary>When the query begins, at the earliest; once it has, when it did.</summary>
        public DateTimeOffset Begins { get; private set; } = begins;

        public TimeSpan LongestAge => longestAge;

        public Task Answer { get; set; } = Task.CompletedTask;

        public void Begin(DateTimeOffset now) => (_begun, Begins) = (true, now);

        /// <summary>A query that has not begun will see the change.</summary>
        public void Hear(Change? change) => _stale |= _begun && (change is not { } one || concerns(one));

        /// <summary>Whether who asks now may have this answer; a failure is nobody's but theirs who waited for it.</summary>
        public bool Holds(DateTimeOffset now) => !_stale && !Answer.IsFaulted && !Answer.IsCanceled && (!_begun || now - Begins < longestAge);
    }
}
