using Microsoft.AspNetCore.Http.HttpResults;
using Tracker.Storage;
using Tracker.Web.Identity;

namespace Tracker.Web.Api;

/// <summary>The recycle bin over REST.</summary>
public static class BinEndpoints
{
    private const string CursorName = "bin";
    private const string Run = "run";
    private const string Sweep = "sweep";

    public static void MapBin(this RouteGroupBuilder api)
    {
        var bin = api.MapGroup("/bin").WithTags("Recycle bin");
        bin.MapGet("", ListAsync).Invalid();
        bin.MapDelete("", EmptyAsync).Needs(Policies.Administer);
        bin.MapDelete("/runs/{id:long}", PurgeRunAsync).Missing();
        bin.MapDelete("/sweeps/{id:long}", PurgeSweepAsync).Missing();
        api.MapPost("/runs/{id:long}/restore", RestoreRunAsync).WithTags("Recycle bin").Missing().Conflicting();
        api.MapPost("/sweeps/{id:long}/restore", RestoreSweepAsync).WithTags("Recycle bin").Missing().Conflicting();
    }

    /// <summary>List the recycle bin</summary>
    /// <remarks>What was deleted and can be restored, latest first. Runs that went with a sweep are part of it; they come back with it.</remarks>
    /// <param name="limit">1 to 500.</param>
    /// <param name="cursor">nextCursor of the page before.</param>
    public static async Task<Ok<Page<BinResource>>> ListAsync(
        IRecycleBin bin, CancellationToken cancellationToken, int limit = Page<BinResource>.DefaultLimit, string? cursor = null)
    {
        new Checks().Range(nameof(limit), limit, 1, Page<BinResource>.MaxLimit).Throw();
        var found = await bin.ListAsync(limit + 1, Read(cursor), cancellationToken);
        return TypedResults.Ok(Pages.Of(found, limit, BinResource.From, i => Cursor.Encode(CursorName, i.DeletedAt.UtcTicks, (long)i.Kind, i.Id)));
    }

    /// <summary>Empty the recycle bin</summary>
    /// <remarks>Everything in it goes for good: gone for everybody at once, and removed from the disks within minutes. For admins.</remarks>
    public static async Task<Ok<EmptiedBin>> EmptyAsync(IRecycleBin bin, CancellationToken cancellationToken) =>
        TypedResults.Ok(new EmptiedBin(await bin.EmptyAsync(cancellationToken)));

    /// <summary>Purge a run</summary>
    /// <remarks>A run in the recycle bin goes for good, with its points, log and files. For its owner and admins.</remarks>
    public static Task<Results<NoContent, ProblemHttpResult>> PurgeRunAsync(long id, IRecycleBin bin, CancellationToken cancellationToken) =>
        Deletion.AnswerAsync(Run, id, bin.PurgeRunAsync(id, cancellationToken));

    /// <summary>Purge a sweep</summary>
    /// <remarks>A sweep in the recycle bin goes for good with its runs. For its owner and admins.</remarks>
    public static Task<Results<NoContent, ProblemHttpResult>> PurgeSweepAsync(long id, IRecycleBin bin, CancellationToken cancellationToken) =>
        Deletion.AnswerAsync(Sweep, id, bin.PurgeSweepAsync(id, cancellationToken));

    /// <summary>Restore a run</summary>
    /// <remarks>Takes a run out of the recycle bin, as it was. Refused while its sweep is there. For its owner and admins.</remarks>
    public static Task<Results<NoContent, ProblemHttpResult>> RestoreRunAsync(long id, IRecycleBin bin, CancellationToken cancellationToken) =>
        Deletion.AnswerAsync(Run, id, bin.RestoreRunAsync(id, cancellationToken));

    /// <summary>Restore a sweep</summary>
    /// <remarks>Takes a sweep out of the recycle bin with the runs that went with it; runs that were deleted before stay there. For its owner and admins.</remarks>
    public static Task<Results<NoContent, ProblemHttpResult>> RestoreSweepAsync(long id, IRecycleBin bin, CancellationToken cancellationToken) =>
        Deletion.AnswerAsync(Sweep, id, bin.RestoreSweepAsync(id, cancellationToken));

    private static BinPlace? Read(string? cursor)
    {
        if (Cursor.Decode(CursorName, cursor, 3) is not [var ticks, var kind, var id]) return null;
        new Checks()
            .Require("cursor", ticks <= DateTimeOffset.MaxValue.Ticks && kind is (long)BinKind.Run or (long)BinKind.Sweep, "This is no cursor of this list. Pass nextCursor of the page before, unchanged.")
            .Throw();
        return new(new(ticks, TimeSpan.Zero), (BinKind)kind, id);
    }
}
