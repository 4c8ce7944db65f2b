using System.Diagnostics;

namespace Tracker.Jobs.Supervision;

/// <summary>How to start a child: what to execute, with which environment on top of the host's own, and what it reads first.</summary>
/// <param name="FileName">The executable.</param>
/// <param name="Arguments">Its arguments.</param>
/// <param name="Environment">Variables to set.</param>
/// <param name="FirstLine">The line that it finds on its standard input; the input then stays open as long as the host lives.</param>
internal sealed record ChildCommand(
    string FileName, IReadOnlyList<string> Arguments, IReadOnlyDictionary<string, string> Environment, string FirstLine)
{
    /// <summary>The same in the runtime's form, with all three streams redirected.</summary>
    public ProcessStartInfo ToStartInfo()
    {
        var info = new ProcessStartInfo(FileName, Arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var (name, value) in Environment) info.Environment[name] = value;
        return info;
    }
}
