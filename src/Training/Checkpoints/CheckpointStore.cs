using System.Globalization;
using Tracker.Domain;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Tracker.Training;

/// <summary>Where a checkpoint stands.</summary>
/// <param name="Step">Updates done.</param>
/// <param name="EvaluatedStep">The step after which the network was last evaluated; −1 for none.</param>
public readonly record struct CheckpointPosition(long Step, long EvaluatedStep)
{
    /// <summary>Whether a point was reported before the checkpoint; a run that goes on from it reports all others again.</summary>
    /// <param name="point">Step and name of the point.</param>
    public bool Contains((long Step, string Name) point) =>
        point.Step < Step || (point.Step == Step && (EvaluatedStep == Step || !MetricNames.IsOfEvaluation(point.Name)));
}

/// <summary>
/// Saves and restores everything that a training needs to go on exactly: parameters and buffers by their names in the state
/// dictionary, the optimizer's vectors likewise, such as <c>optimizer.momentum_buffer.NAME</c>, and the <see cref="TrainingState"/> as texts of the header.
/// </summary>
/// <param name="network">The network.</param>
/// <param name="weights">Its parameters.</param>
/// <param name="optimizer">Its optimizer.</param>
/// <param name="fingerprint">Fingerprint of the run's specification.</param>
public sealed class CheckpointStore(Module network, ParameterVector weights, IOptimizer optimizer, string fingerprint)
{
    private const string Version = "2";

    /// <summary>The name of a checkpoint's file. Two different checkpoints of a run never share a name, so none is replaced by another.</summary>
    /// <param name="step">Updates done.</param>
    /// <param name="evaluationPending">Whether the network is yet to be evaluated after this step.</param>
    public static string FileName(long step, bool evaluationPending) =>
        $"checkpoint-{step}{(evaluationPending ? CheckpointInfo.UnevaluatedMark : "")}.safetensors";

    /// <summary>Writes a checkpoint.</summary>
    /// <param name="path">Where to.</param>
    /// <param name="state">The training's state.</param>
    /// <param name="epoch">Epochs done; for readers of the file.</param>
    /// <returns>The file that is now safely on disk.</returns>
    /// <exception cref="IOException">It could not be written; nothing is left of it.</exception>
    public CheckpointInfo Save(string path, TrainingState state, double epoch)
    {
        ArgumentNullException.ThrowIfNull(state);
        using var scope = NewDisposeScope();
        var tensors = StateDictionary.Of(network).ToList();
        tensors.AddRange(OptimizerState());
        CheckpointInfo? written = null;
        DurableFile.Write(path, file =>
        {
            using var hashing = new HashingStream(file);
            SafetensorsWriter.Write(hashing, tensors, Describe(state, epoch));
            written = new(state.Step, path, hashing.Digest, hashing.Length);
        });
        return written!;
    }

    /// <summary>Puts network, optimizer and state back to where a checkpoint left them.</summary>
    /// <param name="path">The file.</param>
    /// <param name="sha256">SHA-256 of the file if it is known.</param>
    /// <returns>The training's state.</returns>
    /// <exception cref="CheckpointException">The file is damaged, or of another run or version.</exception>
    public TrainingState Load(string path, string? sha256)
    {
        var file = new SafetensorsReader(path, sha256);
        Expect(path, "version", Version, file.Text("tracker.version"));
        Expect(path, "a checkpoint of the run with fingerprint", fingerprint, file.Text("tracker.fingerprint"));
        using var scope = NewDisposeScope();
        foreach (var (name, value) in StateDictionary.Of(network)) file.CopyTo(name, value);
        foreach (var (name, value) in OptimizerState()) file.CopyTo(name, value);
        return TrainingStateTexts.Read(file, path);
    }

    /// <summary>Where a checkpoint stands, without a network to restore.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="CheckpointException">The file is damaged.</exception>
    public static CheckpointPosition ReadPosition(string path)
    {
        var file = new SafetensorsReader(path);
        return new((long)TrainingStateTexts.Number(file, path, "step"), (long)TrainingStateTexts.Number(file, path, "evaluatedStep"));
    }

    private IEnumerable<(string Name, Tensor Value)> OptimizerState() =>
        from state in optimizer.State
        from slice in weights.Slices
        select ($"optimizer.{state.Name}.{slice.Name}", slice.Of(state.Vector));

    private Dictionary<string, string> Describe(TrainingState state, double epoch) => new(TrainingStateTexts.Write(state), StringComparer.Ordinal)
    {
        ["format"] = "pt",
        ["tracker.version"] = Version,
        ["tracker.fingerprint"] = fingerprint,
        ["epoch"] = epoch.ToString("R", CultureInfo.InvariantCulture),
    };

    private static void Expect(string path, string what, string expected, string found)
    {
        if (found != expected) throw new CheckpointException(path, $"{what} {expected}", found);
    }
}
