using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Tracker.Domain;

namespace Tracker.Web.Api;

/// <summary>Where a page of a list ended, as an opaque text. It names a key, not an offset: new rows neither repeat nor hide others.</summary>
public static class Cursor
{
    public static string Encode(string list, params ReadOnlySpan<long> key)
    {
        var text = new StringBuilder(list);
        foreach (var part in key) text.Append(':').Append(part);
        return Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text.ToString()));
    }

    /// <exception cref="SpecificationException">The text is no cursor of this list.</exception>
    public static long[]? Decode(string list, string? cursor, int parts)
    {
        if (string.IsNullOrEmpty(cursor)) return null;
        if (Base64Url.IsValid(cursor))
        {
            var fields = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor)).Split(':');
            var key = new long[parts];
            if (fields.Length == parts + 1 && fields[0] == list
                && Enumerable.Range(0, parts).All(i => long.TryParse(fields[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out key[i]))) return key;
        }
        throw new SpecificationException([new("cursor", "This is no cursor of this list. Pass nextCursor of the page before, unchanged.")]);
    }
}
