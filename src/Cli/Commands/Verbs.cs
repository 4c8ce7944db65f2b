using System.CommandLine;
using System.Text.Json;
using Tracker.Cli.Api;
using Tracker.Cli.Output;

namespace Tracker.Cli.Commands;

/// <summary>What can be done to one or more sweeps or runs.</summary>
internal static class Verbs
{
    private static readonly (string Name, string Description)[] s_plain =
    [
        ("pause", "Write checkpoints and hold."), ("resume", "Go on with what is paused."),
        ("stop", "Let what runs finish and start no more."), ("cancel", "End now and keep what was recorded."),
    ];

    /// <param name="noun">sweep or run.</param>
    public static IEnumerable<Command> Create(Shell shell, string noun)
    {
        foreach (var (name, description) in s_plain)
        {
            var ids = Ids(noun);
            yield return shell.Command(name, description, [ids], (session, cancellationToken) => EachAsync(
                session, noun, session.Get(ids), (id, token) => session.Api.PostAsync($"{noun}s/{id}/{name}", token), cancellationToken));
        }
        yield return Retry(shell, noun);
        yield return Delete(shell, noun);
        yield return Restore(shell, noun);
    }

    private static Command Retry(Shell shell, string noun)
    {
        var ids = Ids(noun);
        var from = new Option<string>("--from") { Description = "Where to begin: checkpoint or scratch.", DefaultValueFactory = _ => "checkpoint" };
        from.AcceptOnlyFromAmong("checkpoint", "scratch");
        return shell.Command("retry", "Queue again what failed or was cancelled.", [ids, from], (session, cancellationToken) => EachAsync(
            session, noun, session.Get(ids), (id, token) => session.Api.PostAsync($"{noun}s/{id}/retry{Query.Of(("from", session.Get(from)))}", token), cancellationToken));
    }

    private static Command Delete(Shell shell, string noun)
    {
        var ids = Ids(noun);
        var yes = new Option<bool>("--yes", "-y") { Description = "Do not ask." };
        return shell.Command("delete", $"Delete {noun}s with all they recorded.", [ids, yes], (session, cancellationToken) =>
        {
            if (!session.Get(yes)) session.Confirm($"Delete {noun} {string.Join(", ", session.Get(ids))}?");
            return EachAsync(session, noun, session.Get(ids), (id, token) => session.Api.SendAsync(HttpMethod.Delete, $"{noun}s/{id}", null, null, token), cancellationToken);
        });
    }

    private static Command Restore(Shell shell, string noun)
    {
        var ids = Ids(noun);
        return shell.Command("restore", $"Take {noun}s out of the recycle bin.", [ids], (session, cancellationToken) => EachAsync(
            session, noun, session.Get(ids), (id, token) => session.Api.PostAsync($"{noun}s/{id}/restore", token), cancellationToken));
    }

    private static Argument<long[]> Ids(string noun) => new("id") { Description = $"Id of a {noun}.", Arity = ArgumentArity.OneOrMore };

    /// <summary>Goes through all of them, also past one that fails, unless all the others would fail likewise; the exit code is that of the first that did.</summary>
    private static async Task<int> EachAsync(
        Session session, string noun, long[] ids, Func<long, CancellationToken, Task<JsonElement?>> act, CancellationToken cancellationToken)
    {
        var code = ExitCodes.Done;
        foreach (var id in ids)
        {
            try
            {
                var answer = await act(id, cancellationToken);
                if (session.Printer.Json) session.Printer.JsonLine(Json.Element(new { id, outcome = answer }));
                else session.Printer.Line($"{noun} {id}: {Describe(answer)}");
            }
            catch (ApiException e) when (ids.Length > 1 && !e.ConcernsAll)
            {
                await session.Around.Error.WriteLineAsync($"tracker-cli: {noun} {id}: {e.Message}");
                code = code == ExitCodes.Done ? e.ExitCode : code;
            }
        }
        return code;
    }

    private static string Describe(JsonElement? answer)
    {
        if (answer is not { ValueKind: JsonValueKind.Object } document || !document.TryGetProperty("changed", out _)) return "done";
        var (changed, unchanged) = document.Read<VerbReply>() is var v ? (v.Changed, v.Unchanged) : default;
        return (changed, unchanged) switch
        {
            (0, _) => "nothing to do",
            (_, 0) => $"{Format.Count(changed, "run")} changed",
            _ => $"{Format.Count(changed, "run")} changed, {unchanged} as before",
        };
    }
}
