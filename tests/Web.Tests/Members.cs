using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Tracker.Web.Identity;

namespace Tracker.Web.Tests;

/// <summary>Users who are no admins.</summary>
internal static class Members
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
}
