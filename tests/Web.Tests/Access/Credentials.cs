using System.Net;
using Tracker.Web.Identity;

namespace Tracker.Web.Tests.Access;

/// <summary>Somebody who asks, and the role that they have while they do; no role for those who are not known.</summary>
internal sealed record Asker(string Name, HttpClient Client, string? Role, bool ReadOnly = false, bool OwnsNothing = false)
{
    /// <summary>Whether an endpoint with these policies lets them in.</summary>
    public bool MayEnter(Target target) =>
        Role is { } role && target.Policies.All(policy => Policies.Allows(policy, role)) && (!ReadOnly || target.Reads);
}

/// <summary>Everybody whom the matrix sends, the least powerful first.</summary>
internal sealed class Askers : IDisposable
{
    private Askers(IReadOnlyList<Asker> all) => All = all;

    public IReadOnlyList<Asker> All { get; }

    public static async Task<Askers> MakeAsync(TrackerApp app, TrackerUser owner)
    {
        var ending = await Members.AddAsync(app, "ending", role: Roles.Admin);
        var expired = await Members.TokenOfAsync(app, ending, lifetime: TimeSpan.FromDays(1));
        app.Clock.Advance(TimeSpan.FromDays(2));
        var revoked = await Members.TokenOfAsync(app, ending);
        var listed = (await app.Api.GetJsonAsync($"/api/v1/users/{ending.Id}/tokens")).EnumerateArray().Single(t => t.Text("prefix") == revoked[..10]);
        (await app.Api.DeleteAsync($"/api/v1/users/{ending.Id}/tokens/{listed.Id()}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        var browser = app.Client();
        await Members.AddAsync(app, "browsing");
        await Members.SignInAsync(browser, "browsing", TrackerApp.Password);
        var admin = await Members.AddAsync(app, "second-admin", role: Roles.Admin);
        return new(
        [
            new("nobody", app.Client(), null), new("an expired token", app.Client(expired), null), new("a revoked token", app.Client(revoked), null),
            new("an unknown token", app.Client("trk_0000000000000000000000000000000000000000000"), null),
            new("a viewer", app.Client(await Members.TokenAsync(app, "looker", Roles.Viewer)), Roles.Viewer, OwnsNothing: true),
            new("an admin's token to read", app.Client(await Members.TokenOfAsync(app, admin, TokenScopes.Read)), Roles.Viewer, ReadOnly: true, OwnsNothing: true),
            new("another member", app.Client(await Members.TokenAsync(app, "neighbour")), Roles.Member, OwnsNothing: true),
            new("another member's session", browser, Roles.Member, OwnsNothing: true),
            new("an admin's token to write", app.Client(await Members.TokenOfAsync(app, admin, TokenScopes.Write)), Roles.Member, OwnsNothing: true),
            new("the owner", app.Client(await Members.TokenOfAsync(app, owner)), Roles.Member),
            new("an admin", app.Client(await Members.TokenOfAsync(app, admin)), Roles.Admin),
        ]);
    }

    public void Dispose()
    {
        foreach (var asker in All) asker.Client.Dispose();
    }
}
