using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using Tracker.Domain;
using Tracker.Training;

namespace Tracker.Jobs.Standalone;

/// <summary>
/// <c>train --spec FILE --out DIR</c>: one run without any database. The same training as under a job host, with files for a sink.
/// </summary>
internal static class StandaloneTraining
{
    private static readonly Option<FileInfo?> s_spec = new("--spec")
    {
        Description = "The run as JSON: network, dataset, batch, method, seed and the other fields of a sweep, with single values.",
        HelpName = "RUN.json",
    };

    private static readonly Option<DirectoryInfo?> s_out = new("--out")
    {
        Description = "Where metrics.jsonl, result.json and checkpoint.safetensors go. Without --resume, those of an earlier run are replaced.",
        HelpName = "DIR",
    };

    private static readonly Option<string> s_device = new("--device")
    {
        Description = "Where to train: cpu, or cuda:0 and the like.",
        HelpName = "cpu|cuda:N",
        DefaultValueFactory = _ => "cpu",
    };

    private static readonly Option<int?> s_threads = new("--threads")
    {
        Description = "Threads within one operation. The last bits of a result depend on it. Default: as many as there are cores.",
        HelpName = "N",
    };

    private static readonly Option<int?> s_microBatch = new("--micro-batch")
    {
        Description = "Process at most N samples of a batch at once: whole ghost batches with +gbn, any number without normalization. "
            + "What is trained stays the same up to rounding. Default: as many as fit into memory.",
        HelpName = "N",
    };

    private static readonly Option<DirectoryInfo?> s_data = new("--data-sets")
    {
        Description = $"Where data sets are kept; Fashion-MNIST is also looked for in {FashionMnist.DebianDirectory}.",
        HelpName = "DIR",
    };

    private static readonly Option<bool> s_resume = new("--resume")
    {
        Description = "Go on from the checkpoint in --out, if there is one. The result is the same as without the interruption, bit for bit.",
    };

    /// <summary>The exit codes, for the help text.</summary>
    public const string ExitCodeHelp =
        "Exit codes: 0 done, 2 bad specification, 3 data missing or corrupt, 4 out of memory, 5 diverged, 143 stopped (SIGTERM, Ctrl-C) with a checkpoint.";

    /// <summary>Adds the options to the <c>train</c> command.</summary>
    public static void AddTo(Command train)
    {
        foreach (var option in new Option[] { s_spec, s_out, s_device, s_threads, s_microBatch, s_data, s_resume }) train.Options.Add(option);
    }

    /// <summary>Whether the command line asks for stand-alone training.</summary>
    public static bool IsRequested(ParseResult arguments) => arguments.GetValue(s_spec) is not null;

    /// <summary>Trains as the command line says.</summary>
    /// <returns>The exit code.</returns>
    public static int Run(ParseResult arguments)
    {
        if (arguments.GetValue(s_spec) is not { } specFile || arguments.GetValue(s_out) is not { } directory)
            return Fail("train needs --spec RUN.json and --out DIR; see train --help.", ExitCodes.BadSpecification);
        if (arguments.GetValue(s_threads) is < 1)
            return Fail($"--threads: expected 1 or more, found {arguments.GetValue(s_threads)}.", ExitCodes.BadSpecification);
        if (arguments.GetValue(s_microBatch) is < 1)
            return Fail($"--micro-batch: expected 1 or more, found {arguments.GetValue(s_microBatch)}.", ExitCodes.BadSpecification);

        using var stop = new CancellationTokenSource();
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => Stop(signal, stop));
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => Stop(signal, stop));
        try
        {
            var run = new StandaloneRun(ReadSpec(specFile), directory.FullName, arguments.GetValue(s_resume));
            var options = new TrainingOptions
            {
                CheckpointDirectory = directory.FullName, Device = arguments.GetValue(s_device)!, Threads = arguments.GetValue(s_threads),
                MicroBatch = arguments.GetValue(s_microBatch), DataDirectory = arguments.GetValue(s_data)?.FullName,
            };
            return run.Train(options, stop.Token) ? ExitCodes.Done : ExitCodes.Stopped;
        }
        catch (Exception e) when (TrainingExitCode.For(e) is not null)
        {
            return Fail(e.Message, TrainingExitCode.For(e)!.Value);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Fail($"{directory.FullName} cannot be written: {e.Message}", UnwritableOutput);
        }
    }

    private const int UnwritableOutput = 1;

    private static RunSpec ReadSpec(FileInfo file)
    {
        try
        {
            return SpecReader.ReadRun(File.ReadAllText(file.FullName));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SpecificationException([new("--spec", e.Message)]);
        }
    }

    private static void Stop(PosixSignalContext signal, CancellationTokenSource stop)
    {
        signal.Cancel = true;
        stop.Cancel();
    }

    private static int Fail(string message, int code)
    {
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{message}"));
        return code;
    }
}
