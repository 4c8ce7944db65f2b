using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Primitives;
using Tracker.Storage;

namespace Tracker.Web.Api;

/// <summary>Marks endpoints whose answers hold a secret: these are neither kept nor compressed.</summary>
public sealed class SecretAnswer
{
    internal static readonly SecretAnswer Mark = new();
}

/// <summary>
/// <c>Idempotency-Key</c> on POST: a request that is sent again is answered again and changes nothing more. Only answers to what changed something are
/// kept; what was refused is tried anew.
/// </summary>
public static class RepeatedRequests
{
    public const string KeyHeader = "Idempotency-Key";
    public const string ReplayedHeader = "Idempotency-Replayed";
    private const int MaxKeyLength = 255;
    private const string SoonSeconds = "1";

    /// <summary>States that answers of the endpoint hold a secret.</summary>
    internal static T AnswersSecret<T>(this T builder) where T : IEndpointConventionBuilder => builder.WithMetadata(SecretAnswer.Mark);

    /// <summary>Comes after authorization: a kept answer is only for whom the endpoint is for.</summary>
    public static void UseRepeatedRequests(this WebApplication app) => app.UseWhen(Concerns, branch => branch.Use(HandleAsync));

    private static bool Concerns(HttpContext context) =>
        HttpMethods.IsPost(context.Request.Method) && context.Request.Headers.ContainsKey(KeyHeader)
        && context.Request.Path.StartsWithSegments(ApiSetup.Prefix, StringComparison.Ordinal) && context.GetEndpoint() is not null;

    private static async Task HandleAsync(HttpContext context, RequestDelegate next)
    {
        var key = ReadKey(context);
        if (context.GetEndpoint()!.Metadata.GetMetadata<SecretAnswer>() is not null)
        {
            await Problem.KeyRefused().ExecuteAsync(context);
            return;
        }
        var keys = context.RequestServices.GetRequiredService<IRequestKeys>();
        var found = await keys.ClaimAsync(context.User.UserId(), key, await HashAsync(context.Request), context.RequestAborted);
        if (found.Claim is { } claim) await CarryOutAsync(context, next, keys, claim);
        else if (found.Answer is { } answer) await ReplayAsync(context.Response, answer);
        else await Refuse(context, found).ExecuteAsync(context);
    }

    private static string ReadKey(HttpContext context)
    {
        var values = context.Request.Headers[KeyHeader];
        var key = values is [{ } one] ? one.Trim() : "";
        new Checks().Require(
            KeyHeader, key.Length is > 0 and <= MaxKeyLength && key.All(c => c is > ' ' and <= '~'), $"Expected one key of 1 to {MaxKeyLength} visible ASCII characters.").Throw();
        return key;
    }

    private static async Task CarryOutAsync(HttpContext context, RequestDelegate next, IRequestKeys keys, RequestClaim claim)
    {
        var body = context.Response.Body;
        using var buffer = new MemoryStream();
        KeptAnswer? answer = null;
        RequestClaim.Current = claim;
        try
        {
            context.Response.Body = buffer;
            await next(context);
            if (context.Response.StatusCode is >= 200 and < 300 && context.Response.GetTypedHeaders().CacheControl is not { NoStore: true }) answer = Read(context.Response, buffer);
        }
        finally
        {
            context.Response.Body = body;
            // Also for a client that went away: its next try finds what became of this one.
            await keys.EndAsync(claim, answer, CancellationToken.None);
        }
        buffer.Position = 0;
        await buffer.CopyToAsync(body, context.RequestAborted);
    }

    private static KeptAnswer Read(HttpResponse response, MemoryStream body) =>
        new(response.StatusCode, response.ContentType, Text(response.Headers.Location), Text(response.Headers.ETag), body.ToArray());

    private static string? Text(StringValues values) => values.Count == 0 ? null : values.ToString();

    private static async Task ReplayAsync(HttpResponse response, KeptAnswer answer)
    {
        response.StatusCode = answer.Status;
        if (answer.ContentType is not null) response.ContentType = answer.ContentType;
        if (answer.Location is not null) response.Headers.Location = answer.Location;
        if (answer.ETag is not null) response.Headers.ETag = answer.ETag;
        response.Headers[ReplayedHeader] = "true";
        if (answer.Body.Length > 0) await response.Body.WriteAsync(answer.Body);
    }

    private static ProblemHttpResult Refuse(HttpContext context, FoundKey found)
    {
        if (found.State == KeyState.Other) return Problem.KeyReused();
        if (found.State == KeyState.AnswerLost) return Problem.AnswerLost(found.Changed);
        context.Response.Headers.RetryAfter = SoonSeconds;
        return Problem.KeyBusy();
    }

    /// <exception cref="BadHttpRequestException">The body is too large.</exception>
    private static async Task<byte[]> HashAsync(HttpRequest request)
    {
        request.EnableBuffering();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{request.Path}\n{request.QueryString}\n"));
        var chunk = new byte[16 * 1024];
        var total = 0;
        for (int read; (read = await request.Body.ReadAsync(chunk, request.HttpContext.RequestAborted)) > 0;)
        {
            total += read;
            if (total > RequestText.MaxBytes) throw new BadHttpRequestException("", StatusCodes.Status413PayloadTooLarge);
            hash.AppendData(chunk, 0, read);
        }
        request.Body.Position = 0;
        return hash.GetHashAndReset();
    }
}
