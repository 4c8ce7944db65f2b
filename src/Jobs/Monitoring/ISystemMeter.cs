namespace Tracker.Jobs.Monitoring;

/// <summary>Something of the machine that can be measured while a run trains. Read by one thread, now and then.</summary>
internal interface ISystemMeter : IDisposable
{
    /// <summary>What is measured, at the beginning of a sentence.</summary>
    string Subject { get; }

    /// <summary>Measures.</summary>
    /// <returns>Values by their metric's name.</returns>
    /// <exception cref="MeterException">It cannot be measured; there is no use in asking again.</exception>
    IReadOnlyList<(string Name, double Value)> Read();
}

/// <summary>Something cannot be measured on this machine.</summary>
/// <param name="message">What, and why not, in one line.</param>
internal sealed class MeterException(string message) : Exception(message);
