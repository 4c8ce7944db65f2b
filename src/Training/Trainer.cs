using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using Tracker.Domain;
using TorchSharp;
using static TorchSharp.torch;

namespace Tracker.Training;

/// <summary>Trains runs.</summary>
public static class Trainer
{
    /// <summary>Trains one run, from the start or from a checkpoint. The process should do nothing else with libtorch meanwhile.</summary>
    /// <param name="spec">What to train.</param>
    /// <param name="options">How and where.</param>
    /// <param name="sink">Where to tell what happens.</param>
    /// <param name="stop">Ends the training at the next step, with a checkpoint.</param>
    /// <returns>The result, or <see langword="null"/> when it was stopped.</returns>
    /// <exception cref="SpecificationException">
    /// The device does not exist or does not offer the precision, or the batch cannot be split as the options force it.
    /// </exception>
    /// <exception cref="DataException">Data are missing or damaged.</exception>
    /// <exception cref="CheckpointException">The checkpoint to go on from cannot be used.</exception>
    /// <exception cref="TrainingDivergedException">Loss or gradient is not finite any more.</exception>
    /// <exception cref="TrainingOutOfMemoryException">Memory did not suffice.</exception>
    public static RunResult? Run(RunSpec spec, TrainingOptions options, IRunSink sink, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(sink);
        return Run(spec, options, sink, device => TrainingData.Load(spec, options.Sources(spec.Dataset, options.DataDirectory), device), stop);
    }

    /// <summary>Trains on data from elsewhere.</summary>
    internal static RunResult? Run(RunSpec spec, TrainingOptions options, IRunSink sink, Func<Device, TrainingData> load, CancellationToken stop)
    {
        var startedAt = options.Time.GetUtcNow();
        if (options.Threads is { } threads) set_num_threads(threads);
        HostMemory.KeepFreed();
        try
        {
            var device = FindDevice(options.Device);
            using var session = new TrainingSession(spec, options, device, () => load(device));
            session.State.ChunkLimit = ChunkChoice.Limit(spec, session, options);
            using var loop = new TrainingLoop(spec, session, options, sink);
            return loop.Run(stop) ? Result(spec, session, loop, options, startedAt) : null;
        }
        catch (Exception e) when (TrainingOutOfMemoryException.IsOutOfMemory(e))
        {
            throw new TrainingOutOfMemoryException(e);
        }
    }

    private static Device FindDevice(string name)
    {
        var parts = name.Split(':');
        var index = 0;
        var known = parts is ["cpu"] or ["cuda"] || (parts is ["cuda", var number] && int.TryParse(number, out index) && index >= 0);
        if (!known) throw new SpecificationException([new("device", $"Expected cpu, cuda or cuda:N, found '{name}'.")]);
        if (parts[0] == "cpu") return CPU;
        var count = cuda.is_available() ? cuda.device_count() : 0;
        if (index >= count) throw new SpecificationException([new("device", $"'{name}' does not exist: this machine and libtorch offer {count} CUDA devices.")]);
        return new Device(DeviceType.CUDA, index);
    }

    /// <summary>The most memory that this process has held at once, in bytes, or <see langword="null"/> where the system does not tell.</summary>
    private static long? PeakMemory()
    {
        using var self = Process.GetCurrentProcess();
        return self.PeakWorkingSet64 is > 0 and var bytes ? bytes : null;
    }

    private static RunResult Result(RunSpec spec, TrainingSession session, TrainingLoop loop, TrainingOptions options, DateTimeOffset startedAt)
    {
        var state = session.State;
        return new(
            state.ValidationAccuracy, state.Selection.BestValidationAccuracy, state.ValidationLoss, state.TrainLoss, state.Step, session.Plan.Epochs,
            state.TrainSeconds, state.EvalSeconds, loop.AverageSpeed, session.Weights.Count, StateDictionary.Sha256(session.Network),
            new(CodeVersion, __version__, options.Device, get_num_threads(), Environment.MachineName, RuntimeInformation.OSDescription, startedAt)
            {
                Arithmetic = loop.Arithmetic,
                MicroBatch = state.ChunkLimit > 0 ? state.ChunkLimit : null,
            })
        {
            Selected = state.Selection.Select(spec.Selection),
            Targets = state.Selection.TargetsReached(spec.Diagnostics.Targets),
            Diagnostics = loop.Diagnostics,
            PeakMemoryBytes = PeakMemory(),
        };
    }

    private static string CodeVersion =>
        typeof(Trainer).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
}
