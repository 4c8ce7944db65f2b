namespace Tracker.Web.Views.Grid;

/// <summary>The conditions that a filter joins with "and", outside of parentheses and quotes, as they were written.</summary>
public static class Conjuncts
{
    /// <summary>The conditions in their order; the whole filter as one where "or" joins them.</summary>
    public static IReadOnlyList<string> Split(string filter)
    {
        if (HasOr(filter))
            return [filter.Trim()];
        var parts = new List<string>();
        var start = 0;
        foreach (var (at, word) in Words(filter))
        {
            if (!word.Equals("and", StringComparison.OrdinalIgnoreCase))
                continue;
            parts.Add(filter[start..at].Trim());
            start = at + word.Length;
        }
        parts.Add(filter[start..].Trim());
        return [.. parts.Where(part => part.Length > 0)];
    }

    /// <summary>Whether an "or" stands outside of parentheses and quotes.</summary>
    public static bool HasOr(string filter) => Words(filter).Any(word => word.Text.Equals("or", StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether its last word is an "and" outside of parentheses and quotes.</summary>
    public static bool EndsWithAnd(string filter) =>
        Words(filter).LastOrDefault() is (var at, { } word) && word.Equals("and", StringComparison.OrdinalIgnoreCase) && at + word.Length == filter.Length;

    private static IEnumerable<(int At, string Text)> Words(string filter)
    {
        var depth = 0;
        for (var i = 0; i < filter.Length; i++)
        {
            switch (filter[i])
            {
                case '(':
                    depth++;
                    break;
                case ')':
                    depth--;
                    break;
                case '\'' or '"' or '`':
                    i = filter.IndexOf(filter[i], i + 1) is var end and >= 0 ? end : filter.Length;
                    break;
                case var letter when char.IsLetter(letter):
                    var start = i;
                    while (i + 1 < filter.Length && IsOfWord(filter[i + 1]))
                        i++;
                    if (depth == 0)
                        yield return (start, filter[start..(i + 1)]);
                    break;
            }
        }
    }

    private static bool IsOfWord(char letter) => char.IsLetterOrDigit(letter) || letter is '_' or '.' or '/' or '-';
}
