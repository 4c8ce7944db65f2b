using Tracker.Web.Identity;

namespace Tracker.Web.Views;

/// <summary>Users as their page shows them.</summary>
/// <param name="Users">All of them, by name.</param>
public sealed record UsersModel(IReadOnlyList<UserInfo> Users)
{
    /// <summary>How many there are, by what matters to an admin.</summary>
    public string Summary
    {
        get
        {
            var admins = Users.Count(IsAdmin);
            var disabled = Users.Count(u => u.DisabledAt is not null);
            var services = Users.Count(u => u.Service);
            return $"{Formatting.Numbers.Of(Users.Count - services, "user")}{(services > 0 ? $" and {Formatting.Numbers.Of(services, "service account")}" : "")}, {Formatting.Numbers.Of(admins, "admin")}{(disabled > 0 ? $", {disabled} disabled" : "")}.";
        }
    }

    /// <summary>Whether nobody else could administer: such a user is offered nothing that would be refused.</summary>
    public bool IsLastAdmin(UserInfo user) =>
        IsAdmin(user) && Users.Count(IsAdmin) == 1;

    private static bool IsAdmin(UserInfo user) => user is { Role: Roles.Admin, DisabledAt: null, Service: false };
}
