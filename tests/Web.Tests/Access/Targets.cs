using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.AspNetCore.StaticAssets;
using Tracker.Web.Identity;

namespace Tracker.Web.Tests.Access;

/// <summary>An endpoint by one method, with an address that leads to it.</summary>
/// <param name="Method">The method.</param>
/// <param name="Path">The address.</param>
/// <param name="Policies">What it asks for.</param>
/// <param name="Open">Whether it is for everybody.</param>
/// <param name="Reads">Whether a token to read may call it.</param>
internal sealed record Target(string Method, string Path, IReadOnlyList<string> Policies, bool Open, bool Reads)
{
    public override string ToString() => $"{Method} {Path} ({(Open ? "everybody" : string.Join('+', Policies))})";
}

/// <summary>Every endpoint of the application, whoever added it.</summary>
internal static class Targets
{
    /// <summary>Of the framework, behind the policy that holds where none is stated: somebody is signed in.</summary>
    private static readonly string[] s_ofFramework = ["/_blazor", "/_framework", "/{**path:file}"];

    /// <summary>Reading first, deleting last, and users after all others, so that what is asked for is still there.</summary>
    private static readonly string[] s_order = ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"];

    /// <param name="endpoints">The application's endpoints.</param>
    /// <param name="seeded">The id that stands behind a segment of an address, such as that of a sweep behind <c>sweeps</c>.</param>
    public static IReadOnlyList<Target> Of(EndpointDataSource endpoints, IReadOnlyDictionary<string, long> seeded) =>
    [
        .. endpoints.Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.Metadata.GetMetadata<StaticAssetDescriptor>() is null && !s_ofFramework.Any(f => Raw(e).StartsWith(f, StringComparison.Ordinal)))
            .SelectMany(e => (e.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET"]).Select(method => Make(e, method, seeded)))
            .Distinct().OrderBy(t => Array.IndexOf(s_order, t.Method)).ThenBy(t => t.Path.Contains("/users/", StringComparison.Ordinal)),
    ];

    private static string Raw(RouteEndpoint endpoint) => "/" + endpoint.RoutePattern.RawText!.TrimStart('/');

    private static Target Make(RouteEndpoint endpoint, string method, IReadOnlyDictionary<string, long> seeded)
    {
        var reads = method is "GET" or "HEAD" or "OPTIONS" || endpoint.Metadata.GetMetadata<ReadsByPostAttribute>() is not null;
        var policies = endpoint.Metadata.OfType<IAuthorizeData>().Select(a => a.Policy).OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        return new(method, Fill(endpoint.RoutePattern, seeded), new Same(policies), endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null, reads);
    }

    private static string Fill(RoutePattern pattern, IReadOnlyDictionary<string, long> seeded)
    {
        var path = new StringBuilder();
        var before = "";
        foreach (var segment in pattern.PathSegments)
        {
            path.Append('/');
            foreach (var part in segment.Parts)
            {
                path.Append(part switch
                {
                    RoutePatternLiteralPart literal => before = literal.Content,
                    RoutePatternSeparatorPart separator => separator.Content,
                    RoutePatternParameterPart { Name: "documentName" } => "v1",
                    RoutePatternParameterPart parameter when OneOf(pattern, parameter.Name) is { } word => word,
                    _ => seeded.GetValueOrDefault(before, 1).ToString(CultureInfo.InvariantCulture),
                });
            }
        }
        return path.Length == 0 ? "/" : path.ToString();
    }

    /// <summary>The first of the words that a parameter takes alone.</summary>
    private static string? OneOf(RoutePattern pattern, string parameter) => pattern.ParameterPolicies.GetValueOrDefault(parameter)?
        .Select(policy => policy.Content ?? "").Where(content => content.StartsWith("regex(^(", StringComparison.Ordinal))
        .Select(content => content["regex(^(".Length..].Split('|', ')')[0]).FirstOrDefault();

    /// <summary>A list that equals another with the same words, so that endpoints can be compared.</summary>
    private sealed class Same(IReadOnlyList<string> words) : System.Collections.ObjectModel.ReadOnlyCollection<string>([.. words])
    {
        public override bool Equals(object? obj) => obj is Same other && this.SequenceEqual(other);

        public override int GetHashCode() => string.Join('+', this).GetHashCode(StringComparison.Ordinal);
    }
}
