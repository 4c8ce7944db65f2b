using Microsoft.AspNetCore.Http.HttpResults;
using Tracker.Storage;
using Tracker.Web.Identity;

namespace Tracker.Web.Api;

/// <summary>What is kept for how long, and what it takes, over REST.</summary>
public static class RetentionEndpoints
{
    public static void MapRetention(this RouteGroupBuilder api)
    {
        var retention = api.MapGroup("/retention").WithTags("Retention").Needs(Policies.Administer);
        retention.MapGet("", ReadAsync).Tagged();
        retention.MapPut("", ChangeAsync).Tagged().Invalid().Matching();
        retention.MapPost("/preview", PreviewAsync).Invalid();
        retention.MapPost("/apply", ApplyAsync).Conflicting();
        api.MapGet("/sweeps/{id:long}/space", SpaceAsync).WithTags("Retention").Missing();
    }

    /// <summary>Get the rules of retention</summary>
    /// <remarks>Only runs that have ended lose anything, counted from their end, and never their results, evaluations or attempts. The ETag is for If-None-Match here and for If-Match when they are replaced. For admins.</remarks>
    public static async Task<Ok<RetentionResource>> ReadAsync(IRetention retention, CancellationToken cancellationToken) => TypedResults.Ok(new RetentionResource(
        RetentionRulesResource.From(await retention.RulesAsync(cancellationToken)), RetentionPassResource.From(await retention.LastPassAsync(cancellationToken))));

    /// <summary>Replace the rules of retention</summary>
    /// <remarks>What is left out or null is kept for ever. They are applied within the hour. For admins.</remarks>
    public static async Task<Ok<RetentionResource>> ChangeAsync(JsonBody<RetentionRulesResource> body, IRetention retention, CancellationToken cancellationToken)
    {
        await retention.ChangeAsync(body.Value.Read(), cancellationToken);
        return await ReadAsync(retention, cancellationToken);
    }

    /// <summary>See what rules would remove</summary>
    /// <remarks>Nothing is removed. For admins.</remarks>
    public static async Task<Ok<RetentionPreviewResource>> PreviewAsync(JsonBody<RetentionRulesResource> body, IRetention retention, CancellationToken cancellationToken) =>
        TypedResults.Ok(RetentionPreviewResource.From(await retention.PreviewAsync(body.Value.Read(), cancellationToken)));

    /// <summary>Apply the rules of retention now</summary>
    /// <remarks>Answers when all is done: what was removed, nothing where there are no rules. Refused while another process is at it. For admins.</remarks>
    public static async Task<Results<Ok<RetentionPassResource>, NoContent, ProblemHttpResult>> ApplyAsync(IRetention retention, CancellationToken cancellationToken)
    {
        if ((await retention.RulesAsync(cancellationToken)).AreEmpty) return TypedResults.NoContent();
        return RetentionPassResource.From(await retention.ApplyAsync(cancellationToken)) is { } pass ? TypedResults.Ok(pass) : Problem.Conflict("The rules are being applied already.");
    }

    /// <summary>Get the space that a sweep takes</summary>
    /// <remarks>Points and logs in the database, checkpoints on the disks of hosts, and files that programs outside have stored.</remarks>
    public static async Task<Results<Ok<SpaceResource>, ProblemHttpResult>> SpaceAsync(long id, IRetention retention, CancellationToken cancellationToken) =>
        await retention.SpaceAsync(id, cancellationToken) is { } space ? TypedResults.Ok(SpaceResource.From(space)) : Problem.NotFound("sweep", id);
}
