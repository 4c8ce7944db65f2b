using System.Diagnostics;
using Tracker.Domain;
using Tracker.Storage;
using Tracker.System.Tests.Support;

namespace Tracker.System.Tests;

/// <summary>Two users who do something with the same run at the same time, on a host that lives.</summary>
[Collection(SharedTracker.Name)]
public sealed class VerbPairTests(TestTracker tracker)
{
    private const int Lanes = 4;

    /// <summary>Longer than any of the cases.</summary>
    private const int Epochs = 500;

    [Fact]
    public async Task Any_two_verbs_at_once_come_to_what_they_come_to_in_one_order()
    {
        var random = new Random(4);
        var verbs = Enum.GetValues<Verb>();
        var cases = (
            from start in (Stand[])[Stand.Queued, Stand.Paused]
            from first in verbs
            from second in verbs
            where first <= second
            select (start, first, second, Delay: TimeSpan.FromMilliseconds(start == Stand.Queued ? random.Next(2500) : 0))).ToArray();
        random.Shuffle(cases);
        await using var host = await tracker.StartHostAsync("pairs", slots: Lanes);

        var wrong = new List<string>();
        await Parallel.ForEachAsync(cases, new ParallelOptions { MaxDegreeOfParallelism = Lanes }, async (c, _) =>
        {
            var outcome = await TryAsync(c.start, c.first, c.second, c.Delay);
            if (VerbModel.Outcomes(c.start, c.first, c.second).Contains(outcome)) return;
            lock (wrong) wrong.Add($"{c.first} and {c.second} from {c.start} after {c.Delay.TotalMilliseconds} ms: {outcome}");
        });

        wrong.ShouldBeEmpty(host.Output);
        await tracker.Audit.ShouldBeCleanAsync();
        host.Children().ShouldBeEmpty();
    }

    /// <summary>Tries one pair on a run of its own, and ends the run.</summary>
    private async Task<(Answer First, Answer Second, Stand End)> TryAsync(Stand start, Verb first, Verb second, TimeSpan delay)
    {
        var runId = await tracker.SubmitAsync($"{first} and {second}", Epochs);
        if (start == Stand.Paused)
        {
            await tracker.Runs.PauseAsync(runId, CancellationToken.None);
            (await SettledAsync(runId)).ShouldBe(Stand.Paused);
        }
        await Task.Delay(delay);
        var answers = await Task.WhenAll(Task.Run(() => DoAsync(runId, first)), Task.Run(() => DoAsync(runId, second)));
        var end = await SettledAsync(runId);
        if (end is Stand.Trained or Stand.Paused)
        {
            await tracker.Runs.CancelAsync(runId, CancellationToken.None);
            (await SettledAsync(runId)).ShouldBe(Stand.Cancelled);
        }
        return (answers[0], answers[1], end);
    }

    private async Task<Answer> DoAsync(long runId, Verb verb)
    {
        try
        {
            if (verb == Verb.Delete) return await tracker.Runs.DeleteAsync(runId, CancellationToken.None) ? Answer.Changed : Answer.Unknown;
            return await ResultAsync(runId, verb) switch { null => Answer.Unknown, { Changed: 1 } => Answer.Changed, _ => Answer.Unchanged };
        }
        catch (InvalidOperationException) when (verb == Verb.Delete)
        {
            return Answer.Refused;
        }
    }

    private Task<VerbResult?> ResultAsync(long runId, Verb verb) => verb switch
    {
        Verb.Pause => tracker.Runs.PauseAsync(runId, CancellationToken.None),
        Verb.Resume => tracker.Runs.ResumeAsync(runId, CancellationToken.None),
        Verb.Cancel => tracker.Runs.CancelAsync(runId, CancellationToken.None),
        Verb.Retry => tracker.Runs.RetryAsync(runId, RetryFrom.Checkpoint, CancellationToken.None),
        _ => throw new ArgumentOutOfRangeException(nameof(verb), verb, null),
    };

    /// <summary>Waits until the host has done what it was asked to.</summary>
    private async Task<Stand> SettledAsync(long runId)
    {
        var since = Stopwatch.StartNew();
        while (since.Elapsed < Limits.Start)
        {
            switch (await tracker.Runs.FindAsync(runId, CancellationToken.None))
            {
                case null: return Stand.Gone;
                case { State: RunState.Running, Wish: RunWish.None }: return Stand.Trained;
                case { State: RunState.Paused }: return Stand.Paused;
                case { State: RunState.Cancelled }: return Stand.Cancelled;
                case { State: RunState.Failed or RunState.Succeeded } over: throw new InvalidOperationException($"Run {runId} is {over.State}: {over.FailureReason}");
            }
            await Task.Delay(Limits.Pace);
        }
        throw new TimeoutException($"Run {runId} does not settle.\n{await tracker.DescribeAsync(runId)}");
    }
}
