namespace Tracker.Jobs.Standalone;

/// <summary>Shows how far something is: one line that is written over on a terminal, a line now and then elsewhere.</summary>
/// <param name="output">Where to.</param>
/// <param name="redirected">Whether that is no terminal.</param>
/// <param name="time">The clock.</param>
internal sealed class StatusLine(TextWriter output, bool redirected, TimeProvider time)
{
    private static readonly TimeSpan s_pace = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_redirectedPace = TimeSpan.FromSeconds(10);

    private long? _shown;
    private string? _line;
    private int _width;

    /// <summary>Shows a line, unless the last one is too fresh; the end is always shown.</summary>
    public void Show(Func<string> describe, bool isEnd)
    {
        if (!isEnd && _shown is { } last && time.GetElapsedTime(last) < (redirected ? s_redirectedPace : s_pace)) return;
        _shown = time.GetTimestamp();
        var line = describe();
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
}
