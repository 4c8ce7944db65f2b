using Microsoft.AspNetCore.Http.HttpResults;
using Tracker.Storage;
using Tracker.Web.Identity;
using Tracker.Web.Tables;

namespace Tracker.Web.Api;

/// <summary>The audit log over REST, for admins.</summary>
public static class AuditEndpoints
{
    private const string CursorName = "audit";

    public static void MapAudit(this RouteGroupBuilder api)
    {
        var audit = api.MapGroup("").WithTags("Audit").Invalid().Needs(Policies.Administer);
        audit.MapGet("/audit", ReadAsync);
        audit.MapGet("/audit.csv", Csv).Produces<string>(200, AuditText.MediaType);
    }

    /// <summary>Read the audit log</summary>
    /// <remarks>Who changed what, newest first. Entries cannot be changed or deleted. For admins.</remarks>
    public static async Task<Ok<Page<AuditResource>>> ReadAsync([AsParameters] AuditQuery query, IAudit audit, CancellationToken cancellationToken)
    {
        var limit = query.Limit ?? Page<AuditResource>.DefaultLimit;
        new Checks().Range("limit", limit, 1, Page<AuditResource>.MaxLimit).Throw();
        var found = await audit.ReadAsync(query.ToFilter(), limit + 1, Cursor.Decode(CursorName, query.Cursor, 1)?[0], cancellationToken);
        return TypedResults.Ok(Pages.Of(found, limit, AuditResource.From, e => Cursor.Encode(CursorName, e.Id)));
    }

    /// <summary>Read the audit log as CSV</summary>
    /// <remarks>All entries that match, newest first, or as many as limit says. For admins.</remarks>
    public static PushStreamHttpResult Csv([AsParameters] AuditQuery query, IAudit audit, CancellationToken cancellationToken)
    {
        var filter = query.ToFilter();
        var before = Cursor.Decode(CursorName, query.Cursor, 1)?[0];
        return TypedResults.Stream(stream => AuditText.WriteCsvAsync(stream, audit, filter, before, query.Limit, cancellationToken), TextType.Utf8(AuditText.MediaType), "audit.csv");
    }
}
