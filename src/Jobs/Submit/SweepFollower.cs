using Tracker.Domain;

namespace Tracker.Jobs.Submit;

/// <summary>Watches a sweep until all of its runs are over, through short absences of the server.</summary>
internal sealed class SweepFollower(TrackerClient client, ProgressBoard board, TextWriter notes)
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    /// <returns>The runs as they ended.</returns>
    /// <exception cref="TrackerRequestException">The server refused, or was away for longer than two minutes.</exception>
    public async Task<IReadOnlyList<RunLine>> FollowAsync(long sweep, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(s_pause);
        var answered = TimeProvider.System.GetTimestamp();
        do
        {
            try
            {
                var runs = await client.RunsAsync(sweep, cancellationToken);
                answered = TimeProvider.System.GetTimestamp();
                board.Show(runs);
                if (runs.All(r => r.State.IsFinal())) return runs;
            }
            catch (TrackerRequestException e) when (e.Temporary && TimeProvider.System.GetElapsedTime(answered) < s_patience)
            {
                board.Interrupt();
                await notes.WriteLineAsync($"{e.Message} Trying again.");
            }
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
        throw new OperationCanceledException(cancellationToken);
    }
}
