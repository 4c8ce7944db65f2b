using System.Text.Json;
using Tracker.Cli.Api;

namespace Tracker.Cli.Watching;

/// <summary>Reads the runs of a sweep until all are over, whenever the server tells of a change and every few seconds besides.</summary>
internal sealed class SweepFollower(TrackerApi api, long sweep, TimeProvider clock, Action<string> note)
{
    /// <summary>How long the server may be away; each request has been tried several times by then.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(10);

    /// <param name="show">Gets the runs and the document that tells of them.</param>
    /// <returns>The runs as they ended.</returns>
    /// <exception cref="ApiException">The server refused, or was away for too long.</exception>
    public async Task<IReadOnlyList<RunReply>> FollowAsync(Action<IReadOnlyList<RunReply>, JsonElement> show, CancellationToken cancellationToken)
    {
        var items = await ReadAsync(cancellationToken);
        var runs = items.Read<IReadOnlyList<RunReply>>();
        show(runs, items);
        await using var news = new ChangeStream(api, [.. runs.Where(r => !r.IsOver).Select(r => r.Id)], clock);
        var answered = clock.GetTimestamp();
        while (runs.Any(r => !r.IsOver))
        {
            await news.WaitAsync(cancellationToken);
            try
            {
                items = await ReadAsync(cancellationToken);
            }
            catch (ApiException e) when (e.Temporary && clock.GetElapsedTime(answered) < s_patience)
            {
                note($"tracker-cli: {e.Message}; trying again");
                continue;
            }
            answered = clock.GetTimestamp();
            runs = items.Read<IReadOnlyList<RunReply>>();
            show(runs, items);
        }
        return runs;
    }

    private Task<JsonElement> ReadAsync(CancellationToken cancellationToken) => api.RunsOfAsync(sweep, cancellationToken);
}
