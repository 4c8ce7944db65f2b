using System.Globalization;
using Tracker.Storage;

namespace Tracker.Jobs.Supervision;

/// <summary>Tells processes of this machine apart, also when a process id is used again.</summary>
internal static class ProcessTicks
{
    private const int StartField = 19;

    /// <summary>This process.</summary>
    public static ProcessIdentity Own() => Of(Environment.ProcessId) ?? throw new InvalidOperationException("/proc does not know this process.");

    /// <summary>The process that has this id now, unless none has or it is a zombie.</summary>
    public static ProcessIdentity? Of(int processId)
    {
        try
        {
            // "pid (name) state ppid … starttime …"; the name may hold blanks and parentheses.
            var fields = File.ReadAllText($"/proc/{processId}/stat").Split(')')[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return fields[0] == "Z" ? null : new(processId, long.Parse(fields[StartField], CultureInfo.InvariantCulture));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or IOException)
        {
            return null;
        }
    }
}
