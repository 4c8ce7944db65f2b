namespace Tracker.Storage;

/// <summary>A sweep or a run that somebody may mean by what they typed.</summary>
/// <param name="Id">Its id.</param>
/// <param name="IsRun">Whether it is a run.</param>
/// <param name="Title">Name of the sweep, for a run that of the sweep that it is of.</param>
public sealed record Place(long Id, bool IsRun, string Title);

/// <summary>Finds sweeps and runs by the little that somebody remembers of them.</summary>
public interface IPlaces
{
    /// <summary>The run and the sweep of that number, then sweeps of which the name has the text in it, newest first.</summary>
    Task<IReadOnlyList<Place>> FindAsync(string text, int limit, CancellationToken cancellationToken);
}
