using Tracker.Domain;

namespace Tracker.Storage.Tests;

/// <summary>
/// Every state, and in it every pair of what users, hosts and processes do with a run, at the same time: it has to come out as if one had
/// been done after the other. What comes out then is found with twins.
/// </summary>
public class RaceTests(StorageFixture storage) : IClassFixture<StorageFixture>
{
    /// <summary>Pairs at a time: each needs two connections.</summary>
    private const int Batch = 12;

    private static readonly Deed[] s_deeds =
    [
        new("pause", async (s, run, _) => $"{await s.Runs.PauseAsync(run, Token)}"),
        new("resume", async (s, run, _) => $"{await s.Runs.ResumeAsync(run, Token)}"),
        new("stop", async (s, run, _) => $"{await s.Runs.StopAsync(run, Token)}"),
        new("cancel", async (s, run, _) => $"{await s.Runs.CancelAsync(run, Token)}"),
        new("retry", async (s, run, _) => $"{await s.Runs.RetryAsync(run, RetryFrom.Checkpoint, Token)}"),
        new("retry from scratch", async (s, run, _) => $"{await s.Runs.RetryAsync(run, RetryFrom.Scratch, Token)}"),
        new("reprioritise", async (s, run, _) => $"{await s.Runs.ChangeAsync(run, null, null, Priority.High, Token) is not null}"),
        new("delete", async (s, run, _) => $"{await s.Runs.DeleteAsync(run, Token)}"),
        new("begin", async (s, run, host) => $"{(await s.Attempts.BeginAsync(run, host, Token))?.Attempt}"),
        new("flush", async (s, run, _) => await Done(s.Writer.FlushAsync(
            run, 1, new(1, [new(4, 0.6, MetricNames.TrainLoss, 2, 1)], null, new(4, "/c", new string('e', 64), 9), []), Token))),
        new("succeed", async (s, run, _) => await Done(s.Attempts.SucceedAsync(run, 1, Results.With(0.5), Token))),
        new("end done", (s, run, _) => EndAsync(s, run, new(AttemptOutcome.Succeeded, 0, null, null))),
        new("end killed", (s, run, _) => EndAsync(s, run, new(AttemptOutcome.Failed, null, 9, "SIGKILL.", FailureKind.Killed))),
        new("end diverged", (s, run, _) => EndAsync(s, run, new(AttemptOutcome.Failed, 5, null, "NaN.", FailureKind.Diverged))),
        new("end paused", (s, run, _) => EndAsync(s, run, new(AttemptOutcome.Paused, 143, null, null))),
        new("end cancelled", (s, run, _) => EndAsync(s, run, new(AttemptOutcome.Cancelled, 143, null, null))),
        new("end drained", (s, run, _) => EndAsync(s, run, new(AttemptOutcome.Drained, 143, null, null))),
        new("end lost", (s, run, _) => EndAsync(s, run, new(AttemptOutcome.Lost, null, null, "silent.", FailureKind.HostLost))),
    ];

    private sealed record Deed(string Name, Func<StorageFixture, long, long, Task<string>> DoAsync);

    private sealed record Race(Deed One, Deed Other, long Raced, long OneFirst, long OtherFirst);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> States => [.. RunTwins.States.Keys];

    [Theory]
    [MemberData(nameof(States))]
    public async Task Whatever_happens_to_a_run_at_the_same_time_comes_out_as_if_one_had_followed_the_other(string state)
    {
        var twins = new RunTwins(storage);
        var host = await storage.RegisterHostAsync("races");
        var pairs = s_deeds.SelectMany((one, i) => s_deeds[i..].Select((other, j) => (i + j) % 2 == 0 ? (One: one, Other: other) : (One: other, Other: one))).ToList();
        var runs = await twins.MakeAsync(state, pairs.Count * 3, host);
        var races = pairs.Select((p, i) => new Race(p.One, p.Other, runs[3 * i], runs[(3 * i) + 1], runs[(3 * i) + 2])).ToList();

        var raced = new Dictionary<Race, (string One, string Other)>();
        foreach (var batch in races.Chunk(Batch))
        {
            var results = await twins.TogetherAsync([.. batch.Select(r => r.Raced)], [.. batch.SelectMany(r => new[] { Do(r.One, r.Raced), Do(r.Other, r.Raced) })]);
            for (var i = 0; i < batch.Length; i++) raced[batch[i]] = (results[2 * i], results[(2 * i) + 1]);
        }
        var (oneFirst, otherFirst) = (new (string One, string Other)[races.Count], new (string One, string Other)[races.Count]);
        await Parallel.ForAsync(0, races.Count, new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = Token }, async (i, _) =>
        {
            oneFirst[i].One = await Do(races[i].One, races[i].OneFirst)();
            oneFirst[i].Other = await Do(races[i].Other, races[i].OneFirst)();
            otherFirst[i].Other = await Do(races[i].Other, races[i].OtherFirst)();
            otherFirst[i].One = await Do(races[i].One, races[i].OtherFirst)();
        });

        var after = await twins.DescribeAsync(runs);
        var odd = new List<string>();
        for (var i = 0; i < races.Count; i++)
        {
            var race = races[i];
            var seen = (raced[race], after[race.Raced]);
            if (seen == (oneFirst[i], after[race.OneFirst]) || seen == (otherFirst[i], after[race.OtherFirst])) continue;
            odd.Add($"{race.One.Name} with {race.Other.Name}: {seen}\n  one first: {(oneFirst[i], after[race.OneFirst])}\n  other first: {(otherFirst[i], after[race.OtherFirst])}");
        }
        odd.ShouldBeEmpty();
        // A process that recorded success owes the end of its attempt; with it the engine lets go.
        foreach (var run in runs) await storage.Attempts.EndAsync(run, 1, new(AttemptOutcome.Succeeded, 0, null, null), Token);
        (await Invariants.BrokenAsync(storage, Token)).ShouldBeEmpty();

        Func<Task<string>> Do(Deed deed, long run) => () => AnswerAsync(deed, run, host);
    }

    /// <summary>Refusals are answers; everything else that is thrown, deadlocks among them, is a fault.</summary>
    private async Task<string> AnswerAsync(Deed deed, long run, long host)
    {
        try
        {
            return await deed.DoAsync(storage, run, host);
        }
        catch (FencedException)
        {
            return "fenced";
        }
        catch (InvalidOperationException e) when (e.Message.Contains("Cancel it first", StringComparison.Ordinal))
        {
            return "active";
        }
    }

    private static async Task<string> EndAsync(StorageFixture storage, long run, AttemptEnd end) => $"{await storage.Attempts.EndAsync(run, 1, end, Token)}";

    private static async Task<string> Done(Task work)
    {
        await work;
        return "done";
    }
}
