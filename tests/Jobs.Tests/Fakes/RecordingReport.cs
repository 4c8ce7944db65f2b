using System.Collections.Concurrent;
using Tracker.Jobs.Data;

namespace Tracker.Jobs.Tests.Fakes;

/// <summary>Keeps what getting a data set tells.</summary>
internal sealed class RecordingReport : IDataReport
{
    public ConcurrentQueue<string> Said { get; } = new();

    public ConcurrentQueue<DataProgress> Progress { get; } = new();

    /// <summary>Called with everything that is said.</summary>
    public Action<string> OnSay { get; init; } = _ => { };

    /// <summary>Called with all progress.</summary>
    public Action<DataProgress> OnProgress { get; init; } = _ => { };

    public void Say(string message)
    {
        Said.Enqueue(message);
        OnSay(message);
    }

    public void Advance(DataProgress progress)
    {
        Progress.Enqueue(progress);
        OnProgress(progress);
    }
}
