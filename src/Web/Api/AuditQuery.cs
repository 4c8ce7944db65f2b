using System.Globalization;
using Tracker.Storage;

namespace Tracker.Web.Api;

/// <summary>Which entries of the audit log a request asks for.</summary>
/// <param name="User">By this user.</param>
/// <param name="Action">This action, such as sweep.submit, or all of a kind, such as sweep.</param>
/// <param name="Object">To objects of this kind, such as sweep, or to one of them, such as sweep:12.</param>
/// <param name="From">Not before this time, such as 2026-03-01 or 2026-03-01T12:00:00Z.</param>
/// <param name="Until">Before this time.</param>
/// <param name="Limit">1 to 500.</param>
/// <param name="Cursor">nextCursor of the page before.</param>
public sealed record AuditQuery(
    string? User = null, string? Action = null, string? Object = null, string? From = null, string? Until = null, int? Limit = null, string? Cursor = null)
{
    /// <exception cref="Domain.SpecificationException">A value is none.</exception>
    public AuditFilter ToFilter()
    {
        var checks = new Checks();
        var (kind, id) = ReadObject(Object, checks);
        var filter = new AuditFilter(Text(User), Text(Action), kind, id, ReadTime("from", From, checks), ReadTime("until", Until, checks));
        checks.Throw();
        return filter;
    }

    internal static (string? Kind, long? Id) ReadObject(string? text, Checks checks)
    {
        if (Text(text) is not { } given) return (null, null);
        var parts = given.Split([':', ' '], 2, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length == 1) return (parts[0], null);
        var isId = long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var id);
        checks.Require("object", isId, $"Expected a kind, or a kind and an id such as sweep:12, found '{given}'.");
        return (parts[0], id);
    }

    private static DateTimeOffset? ReadTime(string field, string? text, Checks checks)
    {
        if (Text(text) is not { } given) return null;
        var isTime = DateTimeOffset.TryParse(given, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time);
        checks.Require(field, isTime, $"Expected a time such as 2026-03-01 or 2026-03-01T12:00:00Z, found '{given}'.");
        return time;
    }

    private static string? Text(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
