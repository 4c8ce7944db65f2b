using System.Globalization;
using System.Text;
using Tracker.Domain;

namespace Tracker.Jobs.Standalone;

/// <summary>Shows a run's progress to a person.</summary>
/// <param name="output">Where to.</param>
/// <param name="redirected">Whether that is no terminal.</param>
/// <param name="time">The clock.</param>
internal sealed class ProgressLine(TextWriter output, bool redirected, TimeProvider time)
{
    private readonly StatusLine _line = new(output, redirected, time);

    /// <summary>Shows how far the run is, unless the last line is too fresh; the end is always shown.</summary>
    public void Show(RunProgress progress) => _line.Show(() => Describe(progress), progress.Step == progress.TotalSteps);

    /// <summary>Says something on a line of its own.</summary>
    public void Say(string message) => _line.Say(message);

    /// <summary>Ends the line that is written over.</summary>
    public void Finish() => _line.Finish();

    internal static string Describe(RunProgress progress)
    {
        var text = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"step {progress.Step}/{progress.TotalSteps}, epoch {progress.Epoch:0.0}/{progress.TotalEpochs:0}"));
        if (progress.TrainLoss is { } loss) text.Append(CultureInfo.InvariantCulture, $", loss {loss:0.000}");
        if (progress.ValidationAccuracy is { } accuracy) text.Append(CultureInfo.InvariantCulture, $", validation {accuracy:0.00 %} (best {progress.BestValidationAccuracy:0.00 %})");
        if (progress.SamplesPerSecond > 0) text.Append(CultureInfo.InvariantCulture, $", {progress.SamplesPerSecond:#,0} samples/s");
        if (progress.EtaSeconds is { } left && progress.Step < progress.TotalSteps) text.Append(CultureInfo.InvariantCulture, $", {TimeSpan.FromSeconds(left):h\\:mm\\:ss} left");
        return text.ToString();
    }
}
