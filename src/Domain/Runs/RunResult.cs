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
    string CodeVersion, string TorchVersion, string Device, int Threads, string Host, string OperatingSystem, DateTimeOffset StartedAt);

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
    string WeightsSha256, Provenance Provenance);
