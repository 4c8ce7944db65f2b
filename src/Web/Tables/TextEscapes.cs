using System.Text;

namespace Tracker.Web.Tables;

/// <summary>Texts of people inside Markdown and LaTeX: shown as they are, whatever is in them.</summary>
public static class TextEscapes
{
    /// <summary>A text in a cell of a Markdown table.</summary>
    public static string Markdown(string text) => Replace(text, c => c switch
    {
        '\\' or '`' or '*' or '_' or '[' or ']' or '|' or '~' or '#' or '!' or '$' => $"\\{c}",
        '<' => "&lt;",
        '>' => "&gt;",
        '&' => "&amp;",
        _ => null,
    });

    /// <summary>A text in LaTeX. Brackets and asterisks are in braces, since behind the end of a row they would be options of it.</summary>
    public static string Latex(string text) => Replace(text, c => c switch
    {
        '\\' => "\\textbackslash{}",
        '~' => "\\textasciitilde{}",
        '^' => "\\textasciicircum{}",
        '&' or '%' or '$' or '#' or '_' or '{' or '}' => $"\\{c}",
        '<' => "\\textless{}",
        '>' => "\\textgreater{}",
        '|' => "\\textbar{}",
        '"' => "\\textquotedbl{}",
        '[' or ']' or '*' => $"{{{c}}}",
        '±' => "$\\pm$",
        '−' => "$-$",
        '×' => "$\\times$",
        '√' => "$\\surd$",
        '–' => "--",
        '’' => "'",
        _ => null,
    });

    /// <summary>Ends of lines and other control characters become spaces.</summary>
    private static string Replace(string text, Func<char, string?> escape)
    {
        var result = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (char.IsControl(c) || c is '\u2028' or '\u2029') result.Append(' ');
            else if (escape(c) is { } escaped) result.Append(escaped);
            else result.Append(c);
        }
        return result.ToString();
    }
}
