using Tracker.Jobs.Supervision;

namespace Tracker.Jobs.Child;

/// <summary>Ends this process when its host dies, so that no run is ever trained without a supervisor.</summary>
internal static class ParentWatch
{
    private const int Orphaned = 1;

    /// <summary>Has the kernel kill this process with its parent. To be called first of all.</summary>
    /// <param name="parentId">The host that started this process.</param>
    public static void Start(int parentId)
    {
        NativeProcess.DieWithParent();
        // The host may have died before the line above: then nobody will ever send the signal.
        if (NativeProcess.ParentId() != parentId) NativeProcess.ExitNow(Orphaned);
    }

    /// <summary>Ends this process at the end of its standard input, which the host holds open as long as it lives: where a container
    /// or a debugger stands between the two, the parent-death signal would not come.</summary>
    public static void FollowInput(TextReader input)
    {
        var thread = new Thread(() =>
        {
            while (input.ReadLine() is not null)
            {
            }
            NativeProcess.ExitNow(Orphaned);
        })
        { IsBackground = true, Name = "parent watch" };
        thread.Start();
    }
}
