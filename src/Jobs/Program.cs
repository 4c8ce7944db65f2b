using System.CommandLine;
using Tracker.Jobs.Commands;
using Tracker.Jobs.Submit;

namespace Tracker.Jobs;

internal static class Program
{
    private static Task<int> Main(string[] args)
    {
        var root = new RootCommand("The tracker's command line: a job host that trains runs from the queue, stand-alone training, data sets, and submission of sweeps.")
        {
            HostCommand.Create(),
            TrainCommand.Create(),
            SubmitCommand.Create(),
            DataCommand.Create(),
            DevicesCommand.Create(),
        };
        // Host and training handle SIGTERM themselves: a host drains for longer than the library's two seconds.
        return root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
    }
}
