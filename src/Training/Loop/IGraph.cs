namespace Tracker.Training;

/// <summary>Work on a device that is recorded once and then done again and again, each time on the same tensors.</summary>
internal interface IGraph : IDisposable
{
    /// <summary>Records work without doing it, in place of what was recorded before.</summary>
    /// <param name="work">The work. It must not depend on what it computes, nor wait for it.</param>
    void Record(Action work);

    /// <summary>Does the recorded work.</summary>
    void Replay();
}
