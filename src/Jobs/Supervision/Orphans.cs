namespace Tracker.Jobs.Supervision;

/// <summary>
/// Training processes that live although nobody supervises them. They are killed without a warning: a checkpoint that they wrote now
/// could be beside those of the next attempt.
/// </summary>
internal static class Orphans
{
    /// <summary>Kills a process if it is still the one that was noted, and trains this very attempt.</summary>
    /// <returns>Whether there was one.</returns>
    public static bool End(ChildRecord child)
    {
        if (ProcessTicks.Of(child.Process.Id) != child.Process || !Trains(child)) return false;
        NativeProcess.Signal(child.Process.Id, NativeProcess.SigKill);
        return true;
    }

    /// <summary>Ids and start times come from one machine's start, and notes may have come from another: the command line settles it.</summary>
    private static bool Trains(ChildRecord child)
    {
        string[] arguments;
        try
        {
            arguments = File.ReadAllText($"/proc/{child.Process.Id}/cmdline").Split('\0');
        }
        catch (IOException)
        {
            return false;
        }
        var at = Array.IndexOf(arguments, "train");
        return at >= 0 && arguments.AsSpan(at + 1) is ["--run", var run, "--attempt", var attempt, ..] && run == $"{child.RunId}" && attempt == $"{child.Attempt}";
    }
}
