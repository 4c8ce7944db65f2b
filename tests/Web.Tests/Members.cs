using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Tracker.Storage;
using Tracker.Web.Identity;

namespace Tracker.Web.Tests;

/// <summary>Users, and how they sign in.</summary>
internal static partial class Members
{
    internal static async Task<TrackerUser> AddAsync(TrackerApp app, string name, string password = TrackerApp.Password, string role = Roles.Member)
    {
        await using var scope = app.Services.CreateAsyncScope();
        var user = new TrackerUser { UserName = name, Role = role };
        var result = await scope.ServiceProvider.GetRequiredService<UserManager<TrackerUser>>().CreateAsync(user, password);
        result.Succeeded.ShouldBeTrue(result.ToString());
        return user;
    }

    internal static async Task<string> TokenAsync(TrackerApp app, string name, string role = Roles.Member, string? scope = null) =>
        await TokenOfAsync(app, await AddAsync(app, name, role: role), scope);

    internal static async Task<string> TokenOfAsync(TrackerApp app, TrackerUser user, string? scope = null, TimeSpan? lifetime = null)
    {
        Actor.Current = new(user.Id, user.UserName!, ActorVia.Session);
        await using var services = app.Services.CreateAsyncScope();
        return (await services.ServiceProvider.GetRequiredService<ApiTokens>().CreateAsync("test", scope ?? (user.Role == Roles.Admin ? TokenScopes.Admin : TokenScopes.Write), lifetime, CancellationToken.None)).Token;
    }

    /// <summary>Fills in the sign-in page, as a browser does.</summary>
    internal static async Task<HttpResponseMessage> SignInAsync(HttpClient browser, string name, string password, string returnUrl = "")
    {
        var path = $"/sign-in?returnUrl={Uri.EscapeDataString(returnUrl)}";
        var page = await browser.GetStringAsync(path);
        using var form = new FormUrlEncodedContent([new(FieldName, FormTokenIn(page)), new("name", name), new("password", password)]);
        return await browser.PostAsync(path, form);
    }

    /// <summary>Fills in the page that somebody is led to whose password was made for them.</summary>
    internal static async Task<HttpResponseMessage> ChangePasswordAsync(HttpClient browser, string current, string next)
    {
        using var form = new FormUrlEncodedContent([new(FieldName, FormTokenIn(await browser.GetStringAsync("/sign-in/password"))), new("current", current), new("new", next)]);
        return await browser.PostAsync("/sign-in/password", form);
    }

    internal const string FieldName = "__RequestVerificationToken";

    /// <summary>What a form of a page proves with that the page is ours.</summary>
    internal static string FormTokenIn(string page) => FormToken().Match(page).Groups["token"].Value;

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"(?<token>[^\"]+)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex FormToken();
}
