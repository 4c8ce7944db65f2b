using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Tracker.Storage.Database;
using Tracker.Web.Hosting;

namespace Tracker.Web.Identity;

/// <summary>Creates the user <c>admin</c> in a database that has no users.</summary>
public sealed partial class FirstAdmin(
    UserManager<TrackerUser> users, AccountsContext accounts, Settings settings, ILogger<FirstAdmin> logger)
{
    public const string UserName = "admin";

    /// <summary>
    /// Creates the admin when there is no user yet. A generated password is printed once, and kept nowhere. Processes that start
    /// together take turns under an advisory lock.
    /// </summary>
    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        await using var transaction = await accounts.Database.BeginTransactionAsync(cancellationToken);
        await accounts.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({AdvisoryLocks.FirstAdmin})", cancellationToken);
        if (await users.Users.AnyAsync(cancellationToken))
        {
            await transaction.CommitAsync(cancellationToken);
            return;
        }
        var password = settings.AdminPassword ?? Passwords.Generate();
        var admin = new TrackerUser { UserName = UserName, Role = Roles.Admin, LockoutEnabled = true, MustChangePassword = settings.AdminPassword is null };
        Require(await users.CreateAsync(admin, password));
        await transaction.CommitAsync(cancellationToken);
        if (settings.AdminPassword is null) Generated(password);
        else Given(Settings.AdminPasswordKey);
    }

    private static void Require(IdentityResult result)
    {
        if (!result.Succeeded)
            throw new StartupException($"The first admin cannot be created: {string.Join(" ", result.Errors.Select(e => e.Description))}");
    }

    [LoggerMessage(2, LogLevel.Warning, "Sign in as admin with password: {Password}")]
    private partial void Generated(string password);

    [LoggerMessage(3, LogLevel.Information, "Created the user admin with the password from {Key}")]
    private partial void Given(string key);
}
