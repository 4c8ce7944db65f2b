using System.Text;

namespace Tracker.Jobs.Supervision;

/// <summary>Splits a child's output into lines of bounded length, so that no output can fill the host's memory.</summary>
internal static class LineReader
{
    /// <summary>Characters after which a line is broken; one more where the last one takes two.</summary>
    public const int LongestLine = 4096;

    /// <summary>Hands on every line until the stream ends. Characters that Postgres does not store are replaced, and none is cut in two.</summary>
    public static async Task ReadAsync(TextReader reader, Action<string> line)
    {
        var buffer = new char[LongestLine];
        var text = new StringBuilder();
        int count;
        while ((count = await reader.ReadAsync(buffer)) > 0)
        {
            foreach (var c in buffer.AsSpan(0, count))
            {
                if (c != '\n') text.Append(c switch { '\0' => '\uFFFD', '\r' => ' ', _ => c });
                if (c == '\n' || text.Length > LongestLine || (text.Length == LongestLine && !char.IsHighSurrogate(c))) Emit();
            }
        }
        if (text.Length > 0) Emit();

        void Emit()
        {
            line(text.ToString().TrimEnd());
            text.Clear();
        }
    }
}
