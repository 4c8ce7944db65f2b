using System.Globalization;
using System.Net.Http.Headers;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Tracker.Web.Tests.Fuzz;

/// <summary>Makes requests to routes: sensible ones, nearly sensible ones, and nonsense.</summary>
internal sealed partial class Requests(IReadOnlyList<RouteEndpoint> routes, IReadOnlyList<string> bodies, int seed)
{
    private static readonly string[] s_methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "QUERY", "FOO"];

    private static readonly string[] s_queries =
    [
        "filter", "sort", "limit", "cursor", "sweep", "state", "network", "dataset", "method", "batch", "seed", "columns", "runs", "keys", "maxPoints", "x", "from", "to", "dryRun", "user", "action", "object",
        "until", "device", "experiment_id", "experiment_name", "run_id", "run_uuid", "metric_key", "max_results", "page_token", "path", "view_type", "order_by", "returnUrl", "target", "q", "go", "group", "unknown",
    ];

    /// <summary>The request of that number; the same for the same seed, so that one that failed can be made again.</summary>
    internal HttpRequestMessage Make(int number)
    {
        var noise = new Noise(new Random(unchecked((seed * 1_000_003) + number)));
        var route = noise.Of(routes);
        var methods = route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"];
        var request = new HttpRequestMessage(new(noise.OneIn(15) ? noise.Of(s_methods) : noise.Of([.. methods])), Address(route, noise, number % 3 == 0)) { Version = new(1, 1) };
        if (request.Method.Method is not ("GET" or "HEAD" or "TRACE") || noise.OneIn(30)) request.Content = Body(route, noise);
        AddHeaders(request.Headers, noise);
        return request;
    }

    /// <summary>What identifies a request in a failure.</summary>
    internal static async Task<string> DescribeAsync(HttpRequestMessage request, int number)
    {
        var body = request.Content is null ? "" : Encoding.Latin1.GetString(await request.Content.ReadAsByteArrayAsync());
        var address = request.RequestUri!.OriginalString;
        return $"request {number}: {request.Method} {(address.Length > 600 ? address[..600] + "…" : address)} [{string.Join("; ", request.Headers.NonValidated.Select(h => $"{h.Key}: {h.Value}"))}; {request.Content?.Headers.ContentType}] "
            + (body.Length > 600 ? body[..600] + "…" : body);
    }

    /// <param name="route">The route.</param>
    /// <param name="noise">Values.</param>
    /// <param name="known">Whether there is nothing in the query but what the route takes, so that the values get to be read.</param>
    private static Uri Address(RouteEndpoint route, Noise noise, bool known)
    {
        var path = "/" + string.Join('/', route.RoutePattern.PathSegments.Select(segment => string.Concat(segment.Parts.Select(part => Part(part, noise)))));
        if (noise.OneIn(40)) path += noise.Of("/", "//", "/..", "/%2e%2e/", "/%00", ";x", ".json", "/" + Uri.EscapeDataString(noise.Text()), "%", "%zz", "%ff");
        // Kestrel answers 400 to a NUL in the path by itself; the test server throws.
        return new Uri("http://localhost" + path.Replace("%00", "", StringComparison.Ordinal) + (known ? KnownQuery(route, noise) : Query(noise)));
    }

    private static string Part(RoutePatternPart part, Noise noise) => part switch
    {
        RoutePatternLiteralPart literal => literal.Content,
        RoutePatternSeparatorPart separator => separator.Content,
        RoutePatternParameterPart { IsCatchAll: true } => noise.OneIn(3) ? Escape(noise.Text()) : noise.Of("a.txt", "a/b/c.bin", "../../x", "..%2f..%2fetc%2fpasswd", "a/./b", "", "%2e%2e/%2e%2e", "model/", "/etc/passwd"),
        _ => noise.OneIn(6) ? Escape(noise.Text()) : noise.Of("1", "1", "2", "3", "4", "0", "999999", "-1", "9223372036854775807"),
    };

    private static string KnownQuery(RouteEndpoint route, Noise noise)
    {
        var names = route.Metadata.OfType<MethodInfo>().SelectMany(m => m.GetParameters()).SelectMany(Names).ToList();
        if (names.Count == 0) return "";
        var pairs = Enumerable.Range(0, noise.Below(4)).Select(_ => noise.Of(names)).Distinct(StringComparer.Ordinal).Select(name => $"{name}={Escape(noise.Parameter(name))}").ToList();
        return pairs.Count == 0 ? "" : "?" + string.Join('&', pairs);
    }

    private static IEnumerable<string> Names(ParameterInfo parameter) => parameter.IsDefined(typeof(AsParametersAttribute))
        ? parameter.ParameterType.GetProperties().Select(p => p.GetCustomAttribute<FromQueryAttribute>()?.Name ?? char.ToLowerInvariant(p.Name[0]) + p.Name[1..])
        : parameter.ParameterType == typeof(string) || parameter.ParameterType.IsValueType && parameter.ParameterType != typeof(CancellationToken) ? [parameter.Name!] : [];

    private static string Query(Noise noise)
    {
        if (noise.OneIn(3)) return "";
        var pairs = Enumerable.Range(0, noise.Below(4)).Select(_ => noise.Of(s_queries) + "=" + Escape(noise.OneIn(3) ? noise.Filter() : noise.Text())).ToList();
        if (noise.OneIn(20)) pairs.Add(noise.Of("%", "%00=1", "a=%ff%fe", "=", "&&", "filter=%ED%A0%80", "limit=1&limit=2", "runs=1,2,3", "runs=" + string.Join(',', Enumerable.Range(1, 300)), "[]=1"));
        return pairs.Count == 0 ? "" : "?" + string.Join('&', pairs);
    }

    // Halves of surrogate pairs cannot be escaped; they go as the bytes that careless programs send.
    private static string Escape(string text) => string.Concat(text.Take(1500).Select(c => char.IsSurrogate(c)
        ? string.Create(CultureInfo.InvariantCulture, $"%ED%{0x80 | ((c >> 6) & 0x3F):X2}%{0x80 | (c & 0x3F):X2}")
        : Uri.EscapeDataString(c.ToString())));

    private ByteArrayContent Body(RouteEndpoint route, Noise noise)
    {
        var names = route.Metadata.GetMetadata<IAcceptsMetadata>()?.RequestType?.GetProperties().Select(p => char.ToLowerInvariant(p.Name[0]) + p.Name[1..]).ToList();
        var text = noise.Below(10) switch
        {
            0 => noise.Json(),
            1 => noise.Text(),
            2 => "",
            3 or 4 => Mutated(noise.Of(bodies), noise),
            5 => noise.Object(Noise.Names),
            6 when noise.OneIn(40) => "\"" + new string('x', 2 * 1024 * 1024) + "\"",
            _ => noise.Object(names is { Count: > 0 } ? names : Noise.Names),
        };
        var bytes = Encoding.UTF8.GetBytes(text);
        if (noise.OneIn(25) && bytes.Length > 0) bytes[noise.Below(bytes.Length)] = (byte)noise.Below(256);
        var content = new ByteArrayContent(bytes);
        var type = noise.OneIn(12) ? noise.Of("text/plain", "application/xml", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded", "application/json; charset=utf-16", "application/octet-stream", "x") : "application/json";
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        return content;
    }

    /// <summary>A good body with one value replaced.</summary>
    private static string Mutated(string body, Noise noise)
    {
        var values = Value().Matches(body);
        if (values.Count == 0 || noise.OneIn(6)) return body;
        var at = values[noise.Below(values.Count)].Groups["value"];
        return string.Concat(body.AsSpan(0, at.Index), noise.Json(4), body.AsSpan(at.Index + at.Length));
    }

    private static void AddHeaders(HttpRequestHeaders headers, Noise noise)
    {
        if (noise.OneIn(12)) headers.TryAddWithoutValidation("Accept", noise.Of("text/csv", "*/*;q=0", "text/html", "application/json;q=2", "x", "text/*", ",,,"));
        if (noise.OneIn(15)) headers.TryAddWithoutValidation("If-Match", noise.Of("*", "\"x\"", "W/\"x\"", "x", "\"\"", "\"a\", \"b\"", "\"a"));
        if (noise.OneIn(15)) headers.TryAddWithoutValidation("If-None-Match", noise.Of("*", "\"x\"", "W/\"x\"", "x"));
        if (noise.OneIn(15)) headers.TryAddWithoutValidation("Idempotency-Key", noise.Of("a", "b", new string('k', 256), "é", "k k", Convert.ToString(noise.Below(50), CultureInfo.InvariantCulture)));
        if (noise.OneIn(25)) headers.TryAddWithoutValidation("Range", noise.Of("bytes=0-1", "bytes=-1", "bytes=9-1", "bytes=0-0,5-9", "x"));
        if (noise.OneIn(25)) headers.TryAddWithoutValidation("Origin", noise.Of("http://evil.example", "null", "x"));
        if (noise.OneIn(20)) headers.TryAddWithoutValidation("Accept-Encoding", noise.Of("gzip", "br", "*;q=0", "x"));
        if (noise.OneIn(40)) headers.TryAddWithoutValidation("Cookie", noise.Of("tracker-session=x", "tracker-session=", "tracker-form=%00; a", "=;=;"));
        if (noise.OneIn(40)) headers.TryAddWithoutValidation("Last-Event-ID", noise.Text().Replace("\r\n", "", StringComparison.Ordinal));
    }

    [GeneratedRegex(""":\s*(?<value>"[^"]*"|-?[\d.]+|true|false|null|\[[^\[\]]*\])""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Value();
}
