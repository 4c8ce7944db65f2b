using Tracker.Jobs.Supervision;
using Tracker.Storage;

namespace Tracker.Jobs.Hosting;

/// <summary>A process among all processes of all machines: the space in which its id means something, its id, and when it started.</summary>
/// <param name="Space">One start of one machine, or of one container's processes.</param>
/// <param name="Process">The process.</param>
internal sealed record HostInstance(string Space, ProcessIdentity Process)
{
    private const string BootId = "/proc/sys/kernel/random/boot_id";
    private const string ProcessNamespace = "/proc/self/ns/pid";

    /// <summary>This process.</summary>
    public static HostInstance Own() => new(OwnSpace(), ProcessTicks.Own());

    /// <summary>Whether an instance is a process of this machine that has ended. Of other machines' processes nothing is known.</summary>
    /// <param name="instance">The instance as <see cref="ToString"/> wrote it.</param>
    public bool KnowsDead(string instance) =>
        instance.Split(' ') is [var space, var id, var ticks] && space == Space && int.TryParse(id, out var process) && long.TryParse(ticks, out var start)
        && ProcessTicks.Of(process) != new ProcessIdentity(process, start);

    /// <summary>
    /// This start of this machine under this name. The name is part of it for containers, which see devices of their own under the same names
    /// although they have the kernel in common.
    /// </summary>
    public string Machine => $"{Space.Split('/')[0]}/{Environment.MachineName}";

    public override string ToString() => $"{Space} {Process.Id} {Process.StartTicks}";

    /// <summary>Where the kernel does not tell, the space is this process's own, and no other process is known to be dead.</summary>
    private static string OwnSpace()
    {
        try
        {
            return $"{File.ReadAllText(BootId).Trim()}/{new FileInfo(ProcessNamespace).LinkTarget}";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"{Guid.NewGuid()}";
        }
    }
}
