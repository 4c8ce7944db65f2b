using Microsoft.AspNetCore.Http.HttpResults;
using Tracker.Storage;

namespace Tracker.Web.Api;

/// <summary>Answers of verbs.</summary>
internal static class Verb
{
    internal static Results<Ok<VerbOutcome>, ProblemHttpResult> Answer(string noun, long id, VerbResult? result) =>
        result is null ? Problem.NotFound(noun, id) : TypedResults.Ok(VerbOutcome.From(result));
}

/// <summary>Answers of deletions.</summary>
internal static class Deletion
{
    internal static async Task<Results<NoContent, ProblemHttpResult>> AnswerAsync(string noun, long id, Task<bool> deletion)
    {
        try
        {
            return await deletion ? TypedResults.NoContent() : Problem.NotFound(noun, id);
        }
        catch (InvalidOperationException e) when (e.GetType() == typeof(InvalidOperationException) && e.InnerException is null)
        {
            return Problem.Conflict(e.Message);
        }
    }
}

/// <summary>States which problems an endpoint answers, beside those that every one does.</summary>
internal static class ProblemMetadata
{
    internal static T Invalid<T>(this T builder) where T : IEndpointConventionBuilder =>
        builder.WithMetadata(new ProducesResponseTypeMetadata(400, typeof(HttpValidationProblemDetails), [Problem.MediaType]));

    internal static T Missing<T>(this T builder) where T : IEndpointConventionBuilder => builder.With(404);

    /// <summary>The endpoint answers a tag and heeds If-Match.</summary>
    internal static T Matching<T>(this T builder) where T : IEndpointConventionBuilder => builder.With(412);

    internal static T Conflicting<T>(this T builder) where T : IEndpointConventionBuilder => builder.With(409);

    /// <summary>States one of <see cref="Identity.Policies"/>.</summary>
    internal static T Needs<T>(this T builder, string policy) where T : IEndpointConventionBuilder => builder.RequireAuthorization(policy);

    internal static T With<T>(this T builder, int status) where T : IEndpointConventionBuilder =>
        builder.WithMetadata(new ProducesResponseTypeMetadata(status, typeof(Microsoft.AspNetCore.Mvc.ProblemDetails), [Problem.MediaType]));
}
