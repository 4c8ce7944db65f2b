using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Tracker.Web.Identity;

namespace Tracker.Web.Tests;

/// <summary>Users, and how they sign in.</summary>
internal static partial class Members
{
    internal static async Task<TrackerUser> AddAsync(TrackerApp app, string name, string password = TrackerApp.Password)
    {
        await using var scope = app.Services.CreateAsyncScope();
        var user = new TrackerUser { UserName = name };
        var result = await scope.ServiceProvider.GetRequiredService<UserManager<TrackerUser>>().CreateAsync(user, password);
        result.Succeeded.ShouldBeTrue(result.ToString());
        return user;
    }

    internal static async Task<string> TokenAsync(TrackerApp app, string name)
    {
        var user = await AddAsync(app, name);
        await using var scope = app.Services.CreateAsyncScope();
        return (await scope.ServiceProvider.GetRequiredService<ApiTokens>().CreateAsync(user.Id, "test", null, CancellationToken.None)).Token;
    }

    /// <summary>Fills in the sign-in page, as a browser does.</summary>
    internal static async Task<HttpResponseMessage> SignInAsync(HttpClient browser, string name, string password, string returnUrl = "")
    {
        var path = $"/sign-in?returnUrl={Uri.EscapeDataString(returnUrl)}";
        var page = await browser.GetStringAsync(path);
        var token = FormToken().Match(page).Groups["token"].Value;
        using var form = new FormUrlEncodedContent([new("__RequestVerificationToken", token), new("name", name), new("password", password)]);
        return await browser.PostAsync(path, form);
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"(?<token>[^\"]+)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex FormToken();
}
