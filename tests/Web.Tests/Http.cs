using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Tracker.Web.Tests;

/// <summary>Requests and their answers in few words.</summary>
internal static class Http
{
    internal static StringContent Json(string json) => new(json, Encoding.UTF8, "application/json");

    internal static async Task<JsonElement> GetJsonAsync(this HttpClient client, string path) =>
        await (await client.GetAsync(path)).JsonAsync(HttpStatusCode.OK);

    internal static async Task<JsonElement> PostJsonAsync(this HttpClient client, string path, string? json = null, HttpStatusCode expected = HttpStatusCode.OK) =>
        await (await client.PostAsync(path, json is null ? null : Json(json))).JsonAsync(expected);

    internal static async Task<JsonElement> JsonAsync(this HttpResponseMessage response, HttpStatusCode expected)
    {
        using (response)
        {
            response.StatusCode.ShouldBe(expected, await response.Content.ReadAsStringAsync());
            return await response.Content.ReadFromJsonAsync<JsonElement>();
        }
    }

    /// <summary>Checks that the answer is a problem of that status, and returns it.</summary>
    internal static async Task<JsonElement> ProblemAsync(this HttpResponseMessage response, HttpStatusCode expected)
    {
        using (response)
        {
            var text = await response.Content.ReadAsStringAsync();
            response.StatusCode.ShouldBe(expected, text);
            response.Content.Headers.ContentType?.MediaType.ShouldBe("application/problem+json", text);
            response.Headers.GetValues("Content-Security-Policy").ShouldHaveSingleItem();
            var problem = JsonElement.Parse(text);
            problem.GetProperty("status").GetInt32().ShouldBe((int)expected);
            problem.Text("type").ShouldStartWith("urn:tracker:problem:");
            problem.Text("title").ShouldNotBeNullOrEmpty();
            text.ShouldNotContain("Exception");
            text.ShouldNotContain("   at ");
            return problem;
        }
    }

    internal static string? Text(this JsonElement element, string name) => element.GetProperty(name).GetString();

    internal static long Id(this JsonElement element) => element.GetProperty("id").GetInt64();

    internal static List<JsonElement> Items(this JsonElement page) => [.. page.GetProperty("items").EnumerateArray()];

    /// <summary>The faults of a 400: path and messages.</summary>
    internal static Dictionary<string, string> Errors(this JsonElement problem) => problem.GetProperty("errors").EnumerateObject()
        .ToDictionary(e => e.Name, e => string.Join(' ', e.Value.EnumerateArray().Select(m => m.GetString())));
}
