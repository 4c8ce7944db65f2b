namespace Tracker.Domain;

/// <summary>How fast finished runs of one kind went on one kind of device, evaluation included.</summary>
/// <param name="Network">Name of the network.</param>
/// <param name="Dataset">Name of the data set.</param>
/// <param name="Device">Cpu or Cuda.</param>
/// <param name="Model">What the device is, such as <c>NVIDIA H100</c>.</param>
/// <param name="Batch">Samples in one mini-batch.</param>
/// <param name="Runs">How many runs were measured; at least 1.</param>
/// <param name="MeanLog">Mean of the natural logarithm of their training samples per second.</param>
/// <param name="SquareLog">Sum of the squared deviations from that mean.</param>
/// <param name="PeakMemoryBytes">The most device memory that one of them took, if it was measured.</param>
public sealed record MeasuredRate(
    string Network, string Dataset, DeviceClass Device, string Model, int Batch, int Runs, double MeanLog, double SquareLog, long? PeakMemoryBytes)
{
    /// <summary>The model of a device that is no longer listed.</summary>
    public const string UnknownModel = "unknown";
}

/// <summary>How long something will take, with the interval in which four of five fall.</summary>
/// <param name="Seconds">Expected seconds.</param>
/// <param name="Low">Nine of ten take longer.</param>
/// <param name="High">Nine of ten are done by then.</param>
public sealed record DurationEstimate(double Seconds, double Low, double High);

/// <summary>When something will happen, with the interval in which four of five fall.</summary>
/// <param name="Expected">The expected moment.</param>
/// <param name="Earliest">Nine of ten happen later.</param>
/// <param name="Latest">Nine of ten have happened by then.</param>
public sealed record MomentEstimate(DateTimeOffset Expected, DateTimeOffset Earliest, DateTimeOffset Latest);
