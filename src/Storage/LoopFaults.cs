using Microsoft.Extensions.Logging;

namespace Tracker.Storage;

/// <summary>
/// Tells the faults of a loop that goes on whatever happens: each as an error, but once as long as it stays the same. What passes with an
/// outage of the database is told by others, and is only of interest while one looks for something.
/// </summary>
/// <param name="logger">Where to tell.</param>
/// <param name="loop">What the loop does, to follow "while".</param>
public sealed partial class LoopFaults(ILogger logger, string loop)
{
    private (Type Type, string Message)? _last;

    /// <summary>Tells a fault, unless it is the last one again.</summary>
    /// <param name="exception">The fault.</param>
    /// <param name="isTransient">Whether it passes by itself; left out, whether the database's absence explains it.</param>
    public void Tell(Exception exception, bool? isTransient = null)
    {
        ArgumentNullException.ThrowIfNull(exception);
        if (isTransient ?? TransientErrors.IsTransient(exception))
        {
            LogTransient(logger, exception, loop);
            return;
        }
        var fault = (exception.GetType(), exception.GetBaseException().Message);
        if (_last == fault) return;
        _last = fault;
        LogFault(logger, exception, loop);
    }

    /// <summary>Notes that all went well: the same fault would be worth telling again.</summary>
    public void Passed() => _last = null;

    [LoggerMessage(1, LogLevel.Error, "Unexpected, while {Loop}. It is tried again, and told again only when the reason changes.")]
    private static partial void LogFault(ILogger logger, Exception exception, string loop);

    [LoggerMessage(2, LogLevel.Debug, "Put off, while {Loop}; it is tried again soon.")]
    private static partial void LogTransient(ILogger logger, Exception exception, string loop);
}
