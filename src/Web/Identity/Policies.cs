using Microsoft.AspNetCore.Authorization;

namespace Tracker.Web.Identity;

/// <summary>What somebody needs for a page, an endpoint or a button. Every endpoint and page states one of these.</summary>
public static class Policies
{
    /// <summary>To read: every user.</summary>
    public const string Read = "read";

    /// <summary>To change one's own account: every user.</summary>
    public const string Account = "account";

    /// <summary>To submit sweeps and act on sweeps and runs: members and admins.</summary>
    public const string Act = "act";

    /// <summary>To administer hosts, users, the audit log and retention: admins.</summary>
    public const string Administer = "administer";

    public static IReadOnlyList<string> All { get; } = [Read, Account, Act, Administer];

    public static void Add(AuthorizationBuilder builder)
    {
        foreach (var policy in All) builder.AddPolicy(policy, p => p.RequireAuthenticatedUser().RequireRole(RolesFor(policy)));
    }

    /// <summary>Whether a role is enough for a policy.</summary>
    public static bool Allows(string policy, string role) => RolesFor(policy).Contains(role);

    /// <summary>What is said to those whose role is not enough.</summary>
    public static string Refusal(string policy) => policy switch
    {
        Administer => "This is for admins.",
        Act => "Viewers cannot change anything. Ask an admin for the role member.",
        _ => "Your account has no role that allows this. Ask an admin.",
    };

    /// <summary>What is said to those whose role is enough, but not the scope of their token.</summary>
    public static string TokenRefusal(string policy) => policy == Administer
        ? "This token may not administer. Make one with the scope admin."
        : "This token may only read. Make one with the scope write.";

    private static IEnumerable<string> RolesFor(string policy) => policy switch
    {
        Administer => [Roles.Admin],
        Act => [Roles.Member, Roles.Admin],
        _ => Roles.All,
    };
}
