using System.Text.RegularExpressions;

namespace Tracker.Web.Views;

/// <summary>A piece of a note: text, or a link.</summary>
public sealed record NotePart(string Text, string? Href);

/// <summary>Notes as people write them: paragraphs apart by empty lines, addresses and runs as links. Nothing else in them means anything.</summary>
public static partial class NoteText
{
    /// <summary>The paragraphs, each as lines of parts.</summary>
    public static IReadOnlyList<IReadOnlyList<IReadOnlyList<NotePart>>> Paragraphs(string notes) =>
        [.. BlankLines().Split(notes.ReplaceLineEndings("\n").Trim('\n', ' ')).Where(text => text.Length > 0)
            .Select(text => (IReadOnlyList<IReadOnlyList<NotePart>>)[.. text.Split('\n').Select(Parts)])];

    private static IReadOnlyList<NotePart> Parts(string line)
    {
        var parts = new List<NotePart>();
        var at = 0;
        foreach (var link in Links().Matches(line).Cast<Match>())
        {
            if (link.Index > at)
                parts.Add(new(line[at..link.Index], null));
            parts.Add(new(link.Value, link.Groups["run"] is { Success: true } run ? Addresses.Run(long.Parse(run.Value)) : link.Value));
            at = link.Index + link.Length;
        }
        if (at < line.Length)
            parts.Add(new(line[at..], null));
        return parts;
    }

    [GeneratedRegex("""\n[ \t]*\n\s*""", RegexOptions.None, 1000)]
    private static partial Regex BlankLines();

    // The stop or bracket behind an address belongs to the sentence.
    [GeneratedRegex("""https?://[^\s<>"]*[^\s<>".,;:!?)\]']|\brun (?<run>[1-9][0-9]{0,14})\b""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Links();
}
