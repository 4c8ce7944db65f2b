using Tracker.Domain;
using Tracker.Web.Identity;

namespace Tracker.Web.Api;

/// <summary>Refuses addresses with a NUL character: the database has it in no text, so nothing can be there.</summary>
public static class NulGuard
{
    /// <summary>Comes after what turns faults into answers.</summary>
    public static void UseNulGuard(this WebApplication app) => app.Use((context, next) =>
    {
        var request = context.Request;
        var isInPath = request.Path.Value?.Contains('\0') == true;
        if (!isInPath && request.QueryString.Value?.Contains("%00", StringComparison.Ordinal) != true)
            return next(context);
        if (request.Path.StartsWithSegments(AccountsSetup.ApiPath, StringComparison.Ordinal))
            throw new SpecificationException([.. Fields(request).DefaultIfEmpty("").Select(name => new SpecError(name, "A text has no NUL character."))]);
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    });

    private static IEnumerable<string> Fields(HttpRequest request) =>
        request.Query.Where(field => field.Value.Any(value => value?.Contains('\0') == true)).Select(field => field.Key);
}
