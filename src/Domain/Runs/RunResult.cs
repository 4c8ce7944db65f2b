using System.Text.Json.Serialization;

namespace Tracker.Domain;

/// <summary>Where a result came from.</summary>
/// <param name="CodeVersion">Version of the product.</param>
/// <param name="TorchVersion">Version of libtorch.</param>
/// <param name="Device">The device, such as <c>cpu</c> or <c>cuda:0</c>.</param>
/// <param name="Threads">Threads used within one operation.</param>
/// <param name="Host">Name of the machine.</param>
/// <param name="OperatingSystem">The operating system.</param>
/// <param name="StartedAt">When the finishing attempt started.</param>
public sealed record Provenance(
    string CodeVersion, string TorchVersion, string Device, int Threads, string Host, string OperatingSystem, DateTimeOffset StartedAt)
{
    /// <summary>
    /// How numbers were computed, such as <c>float32</c> or <c>tf32, steps captured</c>; <see langword="null"/> in results of older
    /// versions: <c>float32</c>.
    /// </summary>
    public string? Arithmetic { get; init; }

    /// <summary>
    /// The most samples that were processed at once where a batch did not fit into memory, or <see langword="null"/> when it was
    /// processed whole. Changes the last bits of a result, not what is trained.
    /// </summary>
    public int? MicroBatch { get; init; }
}

/// <summary>What a finished run has to show.</summary>
/// <param name="FinalValidationAccuracy">Validation accuracy after the last step, from 0 to 1.</param>
/// <param name="BestValidationAccuracy">The best validation accuracy of any evaluation, from 0 to 1.</param>
/// <param name="FinalValidationLoss">Validation loss after the last step, in nats.</param>
/// <param name="FinalTrainLoss">Training loss of the last step, in nats.</param>
/// <param name="Steps">Weight updates done.</param>
/// <param name="Epochs">Epochs done.</param>
/// <param name="TrainSeconds">Seconds spent on training, over all attempts.</param>
/// <param name="EvalSeconds">Seconds spent on evaluation, over all attempts.</param>
/// <param name="SamplesPerSecond">Training samples per second of training.</param>
/// <param name="Parameters">Number of trainable parameters.</param>
/// <param name="WeightsSha256">SHA-256 over the bytes of all parameters and buffers in the order of the state dictionary.</param>
/// <param name="Provenance">Where the result came from.</param>
public sealed record RunResult(
    double FinalValidationAccuracy, double BestValidationAccuracy, double FinalValidationLoss, double FinalTrainLoss,
    long Steps, double Epochs, double TrainSeconds, double EvalSeconds, double SamplesPerSecond, long Parameters,
    string WeightsSha256, Provenance Provenance)
{
    /// <summary>The number that stands for the run, and where it comes from; <see langword="null"/> in results of older versions: the final accuracy.</summary>
    public SelectedResult? Selected { get; init; }

    /// <summary>What the diagnostics found, in the order in which they ran.</summary>
    public IReadOnlyList<DiagnosticResult> Diagnostics { get; init; } = [];

    /// <summary>The accuracies that were to be reached, ascending.</summary>
    public IReadOnlyList<TargetReached> Targets { get; init; } = [];

    /// <summary>The most memory that the training process has held, in bytes, or <see langword="null"/> when unknown.</summary>
    public long? PeakMemoryBytes { get; init; }

    /// <summary>The accuracy that stands for the run, from 0 to 1.</summary>
    [JsonIgnore]
    public double SelectedAccuracy => Selected?.Accuracy ?? FinalValidationAccuracy;
}

/// <summary>The number that stands for a run.</summary>
/// <param name="Rule">The rule, as specifications write it.</param>
/// <param name="Set">The images it was measured on: always <see cref="TestSet"/> at present.</param>
/// <param name="Accuracy">The accuracy, from 0 to 1.</param>
/// <param name="Step">The step of the evaluation, of the last one when several are averaged.</param>
public sealed record SelectedResult(string Rule, string Set, double Accuracy, long Step)
{
    /// <summary>The official test set.</summary>
    public const string TestSet = "test";
}

/// <summary>What one diagnostic found.</summary>
/// <param name="Name">Its name, as specifications write it.</param>
/// <param name="Seconds">What it cost, in seconds.</param>
/// <param name="Values">Its numbers by name.</param>
public sealed record DiagnosticResult(string Name, double Seconds, IReadOnlyDictionary<string, double> Values);

/// <summary>When a validation accuracy was first reached.</summary>
/// <param name="Accuracy">The accuracy, from 0 to 1.</param>
/// <param name="Step">Weight updates by then, or <see langword="null"/> when it was not reached.</param>
/// <param name="Seconds">Seconds of training by then, or <see langword="null"/> when it was not reached.</param>
public sealed record TargetReached(double Accuracy, long? Step, double? Seconds);
