using System.CommandLine;
using static TorchSharp.torch;

namespace Tracker.Jobs.Commands;

/// <summary>
/// <c>devices</c>: prints how many CUDA devices libtorch can use. A host asks in a process of its own, so that it need not load
/// libtorch itself.
/// </summary>
internal static class DevicesCommand
{
    public const string Name = "devices";

    public static Command Create()
    {
        var command = new Command(Name, "Prints the number of CUDA devices that libtorch can use.") { Hidden = true };
        command.SetAction(_ => Console.WriteLine(cuda.is_available() ? cuda.device_count() : 0));
        return command;
    }
}
