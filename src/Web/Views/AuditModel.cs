using System.Globalization;
using Tracker.Domain;
using Tracker.Storage;
using Tracker.Web.Api;
using Tracker.Web.Formatting;

namespace Tracker.Web.Views;

/// <summary>The filter of the audit log as the address of the page states it.</summary>
/// <param name="User">By this user.</param>
/// <param name="Action">This action, or all of a kind.</param>
/// <param name="Object">To this: <c>sweep</c>, or <c>sweep:12</c>.</param>
/// <param name="From">The first day, such as 2026-03-01.</param>
/// <param name="Until">The last day.</param>
public sealed record AuditChoice(string? User, string? Action, string? Object, string? From, string? Until)
{
    public bool IsEmpty => this == new AuditChoice(null, null, null, null, null);

    /// <summary>The filter, and why a part of it does not count.</summary>
    public (AuditFilter Filter, string? Fault) Read(ViewerTime viewer)
    {
        var checks = new Checks();
        var (kind, id) = AuditQuery.ReadObject(Object, checks);
        try
        {
            checks.Throw();
        }
        catch (SpecificationException e)
        {
            return (new(User, Action, null, null, Start(From, viewer), End(viewer)), e.Errors[0].Message);
        }
        return (new(User, Action, kind, id, Start(From, viewer), End(viewer)), null);
    }

    private DateTimeOffset? End(ViewerTime viewer) => Day(Until) is { } day ? viewer.StartOf(day.AddDays(1)) : null;

    private static DateTimeOffset? Start(string? text, ViewerTime viewer) => Day(text) is { } day ? viewer.StartOf(day) : null;

    private static DateOnly? Day(string? text) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;
}

/// <summary>A page of the audit log.</summary>
/// <param name="Entries">The entries, newest first.</param>
/// <param name="Next">What the page of older ones begins before, if there are any.</param>
/// <param name="Fault">Why a part of the filter does not count.</param>
public sealed record AuditModel(IReadOnlyList<AuditRecord> Entries, long? Next, string? Fault)
{
    public const int PageSize = 50;

    public static AuditModel From(IReadOnlyList<AuditRecord> oneMore, string? fault) =>
        new([.. oneMore.Take(PageSize)], oneMore.Count > PageSize ? oneMore[PageSize - 1].Id : null, fault);
}
