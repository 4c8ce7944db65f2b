using System.CommandLine;
using Tracker.Jobs.Configuration;
using Tracker.Jobs.Hosting;

namespace Tracker.Jobs.Commands;

/// <summary><c>host</c>: registers this machine and trains runs from the queue until told to end.</summary>
internal static class HostCommand
{
    /// <summary>Exit code for a start that did not succeed.</summary>
    public const int NotStarted = 1;

    // Texts, not numbers: HostSettings checks them all and lists every fault at once.
    private static readonly Option<string?> s_name = new("--name") { Description = "Name of this host, unique among all hosts. Default: the machine's name." };
    private static readonly Option<string?> s_slots = new("--slots") { Description = "Runs at once: on each GPU where there is one, else on the CPU. Default: 1 a GPU; on the CPU half the cores, from 1 to 3 cores all of them." };
    private static readonly Option<string?> s_cpuSlots = new("--cpu-slots") { Description = "Runs at once on the CPU; 0 for none." };
    private static readonly Option<string?> s_cudaSlots = new("--cuda-slots") { Description = "Runs at once on each GPU; 0 for none." };
    private static readonly Option<string?> s_data = new("--data") { Description = "Directory for checkpoints and data sets. Default: the variable TRACKER_DATA, else .tracker. Hosts that share it can resume each other's runs." };
    private static readonly Option<string?> s_threads = new("--threads") { Description = "Threads of each run. Default: cores divided by slots." };
    private static readonly Option<string?> s_wait = new("--wait") { Description = "Seconds to wait for Postgres at the start. Default: 10." };
    private static readonly Option<string?> s_checkpoints = new("--checkpoint-seconds") { Description = "Seconds between two checkpoints of a run; 0 for one after every step. Default: 15." };
    private static readonly Option<string?> s_downloads = new("--downloads") { Description = "allow or forbid: whether a run whose data set is missing here may download it. Default: the variable TRACKER_DOWNLOADS, else allow." };
    private static readonly Option<string?> s_labels = new("--labels") { Description = "What sweeps may ask of their hosts beyond the device, such as a100,nvlink. Default: the variable TRACKER_LABELS, else none." };
    private static readonly Option<string?> s_log = new("--log") { Description = "text or json: how the log is written on standard output. Default: the variable TRACKER_LOG, else text." };

    public static Command Create()
    {
        var command = new Command("host", "Registers this machine as a job host and trains runs from the queue. SIGTERM or Ctrl-C drains it: its runs write a checkpoint and go back into the queue. Postgres is found by the variable TRACKER_DB, an Npgsql connection string.")
        {
            s_name, s_slots, s_cpuSlots, s_cudaSlots, s_data, s_threads, s_wait, s_checkpoints, s_downloads, s_labels, s_log,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(Read(parsed), cancellationToken));
        return command;
    }

    private static HostArguments Read(ParseResult parsed) => new(
        parsed.GetValue(s_name), parsed.GetValue(s_slots), parsed.GetValue(s_cpuSlots), parsed.GetValue(s_cudaSlots), parsed.GetValue(s_data),
        parsed.GetValue(s_threads), parsed.GetValue(s_wait), parsed.GetValue(s_checkpoints), parsed.GetValue(s_downloads), parsed.GetValue(s_log), parsed.GetValue(s_labels));

    private static async Task<int> RunAsync(HostArguments arguments, CancellationToken cancellationToken)
    {
        var settings = HostSettings.Read(arguments, Environment.GetEnvironmentVariable, out var faults);
        if (settings is not null) return await JobHost.RunAsync(settings, cancellationToken);
        await Console.Error.WriteLineAsync($"The job host cannot start with {(faults.Count == 1 ? "this setting" : "these settings")}:");
        foreach (var fault in faults) await Console.Error.WriteLineAsync($"  {fault}");
        return NotStarted;
    }
}
