using System.Globalization;
using System.Text;
using Tracker.Domain;

namespace Tracker.Jobs.Standalone;

/// <summary>Shows progress to a person: one line that is written over on a terminal, a line now and then elsewhere.</summary>
/// <param name="output">Where to.</param>
/// <param name="redirected">Whether that is no terminal.</param>
/// <param name="time">The clock.</param>
internal sealed class ProgressLine(TextWriter output, bool redirected, TimeProvider time)
{
    private static readonly TimeSpan s_pace = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_redirectedPace = TimeSpan.FromSeconds(10);

    private long? _shown;
    private string? _line;
    private int _width;

    /// <summary>Shows how far the run is, unless the last line is too fresh; the end is always shown.</summary>
    public void Show(RunProgress progress)
    {
        var isEnd = progress.Step == progress.TotalSteps;
        if (!isEnd && _shown is { } last && time.GetElapsedTime(last) < (redirected ? s_redirectedPace : s_pace)) return;
        _shown = time.GetTimestamp();
        var line = Describe(progress);
        if (line == _line) return;
        _line = line;
        if (redirected)
        {
            output.WriteLine(line);
            return;
        }
        output.Write("\r" + line.PadRight(_width));
        _width = line.Length;
    }

    /// <summary>Says something on a line of its own.</summary>
    public void Say(string message)
    {
        Finish();
        output.WriteLine(message);
    }

    /// <summary>Ends the line that is written over.</summary>
    public void Finish()
    {
        if (_width > 0) output.WriteLine();
        _width = 0;
    }

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
