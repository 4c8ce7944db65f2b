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
            var admins = Users.Count(u => u.Role == Roles.Admin && u.DisabledAt is null);
            var disabled = Users.Count(u => u.DisabledAt is not null);
            return $"{Formatting.Numbers.Of(Users.Count, "user")}, {Formatting.Numbers.Of(admins, "admin")}{(disabled > 0 ? $", {disabled} disabled" : "")}.";
        }
    }

    /// <summary>Whether nobody else could administer: such a user is offered nothing that would be refused.</summary>
    public bool IsLastAdmin(UserInfo user) =>
        user is { Role: Roles.Admin, DisabledAt: null } && Users.Count(u => u.Role == Roles.Admin && u.DisabledAt is null) == 1;
}
