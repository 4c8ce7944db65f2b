using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Tracker.Jobs.Supervision;

/// <summary>What the runtime does not offer of Linux' process interface.</summary>
internal static partial class NativeProcess
{
    public const int SigKill = 9;
    public const int SigTerm = 15;
    private const int NoSuchProcess = 3;
    private const int SetParentDeathSignal = 1;

    /// <summary>Sends a signal; a process that has ended already is fine.</summary>
    public static void Signal(int processId, int signal)
    {
        if (Kill(processId, signal) != 0 && Marshal.GetLastPInvokeError() is var error and not NoSuchProcess)
            throw new Win32Exception(error, $"Signal {signal} could not be sent to process {processId}.");
    }

    /// <summary>Asks the kernel to kill this process when the thread that forked it ends.</summary>
    public static void DieWithParent()
    {
        if (Prctl(SetParentDeathSignal, SigKill, 0, 0, 0) != 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError(), "The parent-death signal could not be set.");
    }

    /// <summary>Id of the process that is this one's parent now.</summary>
    public static int ParentId() => GetParentId();

    /// <summary>Ends this process at once, without running anything else in it.</summary>
    public static void ExitNow(int code) => Exit(code);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int processId, int signal);

    [LibraryImport("libc", EntryPoint = "prctl", SetLastError = true)]
    private static partial int Prctl(int option, nuint argument2, nuint argument3, nuint argument4, nuint argument5);

    [LibraryImport("libc", EntryPoint = "getppid")]
    private static partial int GetParentId();

    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void Exit(int code);
}
