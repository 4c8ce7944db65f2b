using Tracker.Jobs.Supervision;

namespace Tracker.Jobs.Hosting;

/// <summary>The end of a host on the spot; its children die with it.</summary>
/// <param name="say">Where to tell why.</param>
/// <param name="exit">Ends the process.</param>
internal sealed class HostEnd(Action<string> say, Action<int> exit)
{
    private const int Replaced = 1;

    /// <summary>Ends this process, without anything of the orderly end: what it would sign off belongs to another process.</summary>
    public void Now(string reason)
    {
        say(reason);
        exit(Replaced);
    }

    /// <summary>Ends this process.</summary>
    public static HostEnd OfProcess(Action<string> say) => new(say, NativeProcess.ExitNow);
}
