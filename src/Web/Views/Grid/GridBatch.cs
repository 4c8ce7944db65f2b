using Tracker.Storage;

namespace Tracker.Web.Views.Grid;

/// <summary>How far an action on many runs is.</summary>
/// <param name="Action">The action.</param>
/// <param name="All">On how many runs.</param>
public sealed record GridBatch(GridAction Action, int All)
{
    /// <summary>Runs that were looked at.</summary>
    public int Done { get; private set; }

    /// <summary>Runs that it changed.</summary>
    public int Changed { get; private set; }

    /// <summary>Runs that refused.</summary>
    public int Refused { get; private set; }

    /// <summary>How the first of them put it.</summary>
    public string? Refusal { get; private set; }

    /// <summary>Acts on some runs after others, until it was done to all or is to stop.</summary>
    /// <param name="runs">Where the runs are.</param>
    /// <param name="ids">Which.</param>
    /// <param name="told">Called each time that some are done.</param>
    /// <param name="cancellationToken">Stops in between.</param>
    public async Task GoAsync(IRuns runs, IReadOnlyList<long> ids, Action told, CancellationToken cancellationToken)
    {
        foreach (var some in ids.Chunk(Action.AtOnce))
        {
            if (cancellationToken.IsCancellationRequested)
                return;
            try
            {
                // Not cut off in the middle: what is begun is ended.
                Changed += await Action.Act(runs, some, CancellationToken.None);
            }
            catch (InvalidOperationException refusal) when (!TransientErrors.IsTransient(refusal))
            {
                Refused += some.Length;
                Refusal ??= refusal.Message;
            }
            Done += some.Length;
            told();
        }
    }
}
