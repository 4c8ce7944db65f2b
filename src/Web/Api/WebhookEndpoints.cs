using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Tracker.Web.Identity;
using Tracker.Web.Webhooks;

namespace Tracker.Web.Api;

/// <summary>Webhooks over REST. Members have their own; admins see and change all.</summary>
public static class WebhookEndpoints
{
    private const string Noun = "webhook";
    private const string CursorName = "deliveries";

    public static void MapWebhooks(this RouteGroupBuilder api)
    {
        // Reading too is for those who may have some: the addresses of others often hold a secret.
        var webhooks = api.MapGroup("/webhooks").WithTags("Webhooks").Needs(Policies.Act);
        webhooks.MapGet("", ListAsync);
        webhooks.MapPost("", AddAsync).Tagged().AnswersSecret().Invalid().Conflicting();
        webhooks.MapGet("/{id:long}", FindAsync).Tagged().Missing();
        webhooks.MapPatch("/{id:long}", ChangeAsync).Tagged().AnswersSecret().Invalid().Matching().Missing();
        webhooks.MapDelete("/{id:long}", DeleteAsync).Tagged().Matching().Missing();
        webhooks.MapPost("/{id:long}/test", TestAsync).Costs(Cost.Sending).Missing();
        webhooks.MapGet("/{id:long}/deliveries", DeliveriesAsync).Invalid().Missing();
        webhooks.MapPost("/{id:long}/deliveries/{delivery}/retry", RetryAsync).Missing();
    }

    /// <summary>List webhooks</summary>
    /// <remarks>Yours, or all for admins, by name.</remarks>
    public static async Task<Ok<IReadOnlyList<WebhookResource>>> ListAsync(ClaimsPrincipal user, WebhookDesk desk, CancellationToken cancellationToken) =>
        TypedResults.Ok<IReadOnlyList<WebhookResource>>([.. (await desk.ListAsync(WebhookReader.Of(user), cancellationToken)).Select(w => WebhookResource.From(w))]);

    /// <summary>Get a webhook</summary>
    /// <remarks>Without its secret, which cannot be shown again.</remarks>
    public static async Task<Results<Ok<WebhookResource>, ProblemHttpResult>> FindAsync(long id, ClaimsPrincipal user, WebhookDesk desk, CancellationToken cancellationToken) =>
        await desk.FindAsync(id, WebhookReader.Of(user), cancellationToken) is { } found ? TypedResults.Ok(WebhookResource.From(found)) : Problem.NotFound(Noun, id);

    /// <summary>Make a webhook</summary>
    /// <remarks>
    /// The answer holds the secret; it cannot be shown again. Every event that the webhook asks for is sent as a POST with a JSON body and signed in
    /// the header X-Tracker-Signature; docs/webhooks.md has the bodies, and how to verify the signature. Private and other special addresses are
    /// refused, unless an operator allows them.
    /// </remarks>
    public static async Task<Results<Created<WebhookResource>, ProblemHttpResult>> AddAsync(
        JsonBody<WebhookRequest> body, HttpResponse response, WebhookDesk desk, CancellationToken cancellationToken)
    {
        try
        {
            var made = await desk.AddAsync(body.Value.ToSettings(), body.Value.Secret, cancellationToken);
            response.Headers.CacheControl = "no-store";
            return TypedResults.Created($"{ApiSetup.Prefix}/webhooks/{made.Webhook.Id}", WebhookResource.From(made.Webhook, made.Secret));
        }
        catch (InvalidOperationException e) when (e.GetType() == typeof(InvalidOperationException) && e.InnerException is null)
        {
            return Problem.Conflict(e.Message);
        }
    }

    /// <summary>Change a webhook</summary>
    /// <remarks>What is left out stays. A webhook that is made active again begins without failures, and is sent what was waiting for it.</remarks>
    public static async Task<Results<Ok<WebhookResource>, ProblemHttpResult>> ChangeAsync(
        long id, JsonBody<WebhookChange> body, HttpResponse response, WebhookDesk desk, CancellationToken cancellationToken)
    {
        var change = body.Value;
        new Checks().Require("rotateSecret", change is not { RotateSecret: true, Secret: not null }, "Expected either secret or rotateSecret, found both.").Throw();
        var secret = change.RotateSecret is true ? WebhookSecrets.Make() : change.Secret;
        if (await desk.ChangeAsync(id, change.Apply, secret, cancellationToken) is not { } changed) return Problem.NotFound(Noun, id);
        if (secret is not null) response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(WebhookResource.From(changed.Webhook, changed.Secret));
    }

    /// <summary>Delete a webhook</summary>
    /// <remarks>With everything that waits for it and the record of what was sent.</remarks>
    public static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(long id, WebhookDesk desk, CancellationToken cancellationToken) =>
        await desk.DeleteAsync(id, cancellationToken) ? TypedResults.NoContent() : Problem.NotFound(Noun, id);

    /// <summary>Test a webhook</summary>
    /// <remarks>Sends an event of the type webhook.test now, once, also to a webhook that is paused, and answers what became of it. Two tests of a user go on at once; more are answered with 429.</remarks>
    public static async Task<Results<Ok<DeliveryResource>, ProblemHttpResult>> TestAsync(long id, WebhookDesk desk, CancellationToken cancellationToken) =>
        await desk.TestAsync(id, cancellationToken) is { } sent ? TypedResults.Ok(DeliveryResource.From(sent)) : Problem.NotFound(Noun, id);

    /// <summary>List what was sent to a webhook</summary>
    /// <remarks>With every try, the latest first. Kept for 30 days.</remarks>
    /// <param name="id">The webhook.</param>
    /// <param name="user">Who asks.</param>
    /// <param name="desk">The webhooks.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <param name="limit">1 to 500; 50 when left out.</param>
    /// <param name="cursor">nextCursor of the page before.</param>
    public static async Task<Results<Ok<Page<DeliveryResource>>, ProblemHttpResult>> DeliveriesAsync(
        long id, ClaimsPrincipal user, WebhookDesk desk, CancellationToken cancellationToken, int limit = Page<DeliveryResource>.DefaultLimit, string? cursor = null)
    {
        new Checks().Range("limit", limit, 1, Page<DeliveryResource>.MaxLimit).Throw();
        var found = await desk.DeliveriesAsync(id, WebhookReader.Of(user), limit + 1, Cursor.Decode(CursorName, cursor, 1)?[0], cancellationToken);
        return found is null ? Problem.NotFound(Noun, id) : TypedResults.Ok(Pages.Of(found, limit, DeliveryResource.From, d => Cursor.Encode(CursorName, d.Number)));
    }

    /// <summary>Send something again</summary>
    /// <remarks>At once, and on failure as often as something new. Also what was delivered.</remarks>
    public static async Task<Results<Ok<DeliveryResource>, ProblemHttpResult>> RetryAsync(long id, string delivery, WebhookDesk desk, CancellationToken cancellationToken) =>
        Guid.TryParse(delivery, out var found) && await desk.RetryAsync(id, found, cancellationToken) is { } waits ? TypedResults.Ok(DeliveryResource.From(waits)) : Problem.NotFound("delivery", delivery);
}
