using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Tracker.Storage;
using Tracker.Web.Api;
using Tracker.Web.Views;

namespace Tracker.Web.Live;

/// <summary>Tells a client how its runs go, for as long as it listens and may.</summary>
public sealed class RunStream(LiveHub hub, IRuns runs, TimeProvider clock, IHostApplicationLifetime process)
{
    public const string RunEvent = "run";
    public const string GoneEvent = "gone";
    public const string HeartbeatEvent = "heartbeat";

    /// <summary>Proxies cut what is silent for longer, and a client that vanished is noticed by then.</summary>
    public static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan s_longest = TimeSpan.FromHours(1);

    public async IAsyncEnumerable<SseItem<StreamedRun>> FollowAsync(
        IReadOnlyCollection<long> ids, Credentials credentials, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, process.ApplicationStopping);
        var known = ids.ToHashSet();
        var changed = new ChangedRuns();
        using var bell = new SemaphoreSlim(0, 1);
        changed.AddAll();
        using var subscription = hub.Subscribe(change => Note(change, known, changed), _ => Ring(bell), () => LiveHub.Pace, () => changed.AddAll());
        var (began, heard, admitted) = (clock.GetTimestamp(), clock.GetTimestamp(), clock.GetTimestamp());
        var told = new Dictionary<long, StreamedRun>();
        while (clock.GetElapsedTime(began) < s_longest)
        {
            foreach (var item in await ReadAsync(known, changed, told, ending.Token))
            {
                heard = clock.GetTimestamp();
                yield return item;
            }
            if (clock.GetElapsedTime(heard) >= Heartbeat)
            {
                heard = clock.GetTimestamp();
                yield return new(new StreamedRun(0), HeartbeatEvent);
            }
            if (!await WaitAsync(bell, ending.Token)) yield break;
            // What is taken away ends the request itself; this sees what runs out.
            if (clock.GetElapsedTime(admitted) < Heartbeat) continue;
            if (!await credentials.HoldAsync(ending.Token)) yield break;
            admitted = clock.GetTimestamp();
        }
    }

    private static bool Note(Change change, HashSet<long> known, ChangedRuns changed)
    {
        if (change.Kind != ChangeKind.Run || !known.Contains(change.Id)) return false;
        changed.Add(change.Id);
        return true;
    }

    private static Task Ring(SemaphoreSlim bell)
    {
        // One waiting ring stands for any number of changes; only the subscription rings, one call after the other.
        if (bell.CurrentCount == 0) bell.Release();
        return Task.CompletedTask;
    }

    /// <returns>False when the client or the process has ended.</returns>
    private static async Task<bool> WaitAsync(SemaphoreSlim bell, CancellationToken ending)
    {
        try
        {
            await bell.WaitAsync(Heartbeat, ending);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task<List<SseItem<StreamedRun>>> ReadAsync(
        HashSet<long> known, ChangedRuns changed, Dictionary<long, StreamedRun> told, CancellationToken cancellationToken)
    {
        var due = changed.Look();
        IReadOnlyList<long> wanted = due.All ? [.. known] : due.Runs;
        if (wanted.Count == 0) return [];
        var found = (await runs.FindAsync(wanted, cancellationToken)).ToDictionary(r => r.Id);
        changed.Shown(due);
        var items = new List<SseItem<StreamedRun>>();
        foreach (var id in wanted.Order())
        {
            var isThere = found.TryGetValue(id, out var view);
            var now = isThere ? StreamedRun.From(view!) : new StreamedRun(id);
            if (told.TryGetValue(id, out var last) && last == now) continue;
            told[id] = now;
            items.Add(new(now, isThere ? RunEvent : GoneEvent));
        }
        return items;
    }
}
