using System.Reflection;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Net.Http.Headers;
using Tracker.Domain;
using Tracker.Web.Identity;

namespace Tracker.Web.Api;

/// <summary>What every request of the API passes before its endpoint.</summary>
public static class RequestGuards
{
    /// <summary>The id of the user that the request acts for.</summary>
    public static long UserId(this ClaimsPrincipal user) => long.Parse(user.FindFirstValue(ClaimTypes.NameIdentifier)!);

    /// <summary>Refuses changes that a page of another site makes with a borrowed cookie.</summary>
    public static ValueTask<object?> RefuseCrossSite(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        SameOrigin.Allows(context.HttpContext.Request) ? next(context) : ValueTask.FromResult<object?>(Problem.CrossSite());

    /// <summary>Refuses requests that accept none of the types that the endpoint answers in.</summary>
    public static ValueTask<object?> RefuseUnacceptable(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var accepted = context.HttpContext.Request.GetTypedHeaders().Accept;
        if (accepted.Count == 0) return next(context);
        var offered = context.HttpContext.GetEndpoint()!.Metadata.OfType<IProducesResponseTypeMetadata>()
            .Where(p => p.StatusCode is >= 200 and < 300).SelectMany(p => p.ContentTypes).Distinct(StringComparer.Ordinal).Select(t => new MediaTypeHeaderValue(t)).ToList();
        return offered.Count == 0 || accepted.Any(a => a.Quality != 0 && offered.Exists(o => o.IsSubsetOf(a)))
            ? next(context)
            : ValueTask.FromResult<object?>(Problem.Of(StatusCodes.Status406NotAcceptable, $"The answer is {string.Join(" or ", offered)}."));
    }

    /// <summary>Refuses query parameters that the endpoint does not have: a misspelt filter must not answer everything.</summary>
    public static EndpointFilterDelegate RefuseUnknownQuery(EndpointFilterFactoryContext factory, EndpointFilterDelegate next)
    {
        var known = factory.MethodInfo.GetParameters().SelectMany(Names).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return context =>
        {
            var unknown = context.HttpContext.Request.Query.Keys.Where(k => !known.Contains(k)).ToList();
            return unknown.Count == 0
                ? next(context)
                : throw new SpecificationException([.. unknown.Select(k => new SpecError(k, $"Unknown parameter '{k}'."))]);
        };
    }

    private static IEnumerable<string> Names(ParameterInfo parameter) => parameter.GetCustomAttribute<AsParametersAttribute>() is not null
        ? parameter.ParameterType.GetProperties().Where(p => IsQueryType(p.PropertyType)).Select(p => p.Name)
        : IsQueryType(parameter.ParameterType) ? [parameter.Name!] : [];

    private static bool IsQueryType(Type type) =>
        (Nullable.GetUnderlyingType(type) ?? type) is { IsPrimitive: true } or { IsEnum: true } || type == typeof(string);
}
