using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using Tracker.Storage;

namespace Tracker.Web.Api;

/// <summary>What clients can edit.</summary>
public interface IEditable
{
    /// <summary>The version of what can be edited, by <see cref="Storage.EditTag"/>.</summary>
    string EditTag { get; }
}

/// <summary>
/// Entity tags of what can be edited. A tag has two parts: the version of what can be edited, and the content with what changes by itself, such
/// as progress. If-None-Match compares both, If-Match only the first: progress must not stand in an editor's way.
/// </summary>
public static class EntityTags
{
    private const char Separator = '.';
    private const int ContentBytes = 9;

    /// <summary>Has endpoints of the group that answer something editable send its tag, and heed the tags that clients send.</summary>
    public static T Tagged<T>(this T builder) where T : IEndpointConventionBuilder => builder.AddEndpointFilter(ApplyAsync);

    private static async ValueTask<object?> ApplyAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var request = context.HttpContext.Request;
        if (HttpMethods.IsPatch(request.Method) || HttpMethods.IsPut(request.Method) || HttpMethods.IsDelete(request.Method)) Precondition.Current = ReadCondition(request);
        var result = await next(context);
        if ((result is INestedHttpResult nested ? nested.Result : result) is not IValueHttpResult { Value: IEditable value }) return result;
        var tag = new EntityTagHeaderValue($"\"{value.EditTag}{Separator}{ContentOf(value, context.HttpContext)}\"");
        context.HttpContext.Response.Headers.ETag = tag.ToString();
        return IsReading(request) && request.GetTypedHeaders().IfNoneMatch.Any(t => t.Equals(EntityTagHeaderValue.Any) || t.Compare(tag, useStrongComparison: false))
            ? TypedResults.StatusCode(StatusCodes.Status304NotModified)
            : result;
    }

    private static bool IsReading(HttpRequest request) => HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);

    private static Precondition? ReadCondition(HttpRequest request)
    {
        if (request.Headers.IfMatch.Count == 0) return null;
        var tags = request.GetTypedHeaders().IfMatch;
        new Checks().Require("If-Match", tags.Count > 0, "Expected the ETag of an answer, in its quotation marks, or *.").Throw();
        return tags.Contains(EntityTagHeaderValue.Any) ? null : new([.. tags.Where(t => !t.IsWeak).Select(t => t.Tag.ToString().Trim('"').Split(Separator)[0])]);
    }

    private static string ContentOf(IEditable value, HttpContext context)
    {
        var options = context.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        return Base64Url.EncodeToString(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(value, value.GetType(), options)).AsSpan(0, ContentBytes));
    }
}
