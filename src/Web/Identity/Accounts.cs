using Microsoft.AspNetCore.Identity;

namespace Tracker.Web.Identity;

/// <summary>Someone who signs in.</summary>
public sealed class TrackerUser : IdentityUser<long>
{
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>One of <see cref="Roles"/>.</summary>
    public string Role { get; set; } = Roles.Member;

    /// <summary>Since when the user may not sign in, if so.</summary>
    public DateTimeOffset? DisabledAt { get; set; }

    /// <summary>Whether this is a program's account: without a password, and with tokens that admins make.</summary>
    public bool Service { get; init; }

    /// <summary>Whether somebody else knows the password, so that it has to be changed at the next sign-in.</summary>
    public bool MustChangePassword { get; set; }

    /// <summary>When the user was last heard of, to the minute.</summary>
    public DateTimeOffset? LastSeenAt { get; private set; }
}

/// <summary>What users may do: each has exactly one role, and each role may do what those before it may.</summary>
public static class Roles
{
    /// <summary>Reads everything and changes nothing but their own account.</summary>
    public const string Viewer = "viewer";

    /// <summary>Submits sweeps and acts on all of them; deletes their own alone.</summary>
    public const string Member = "member";

    /// <summary>Everything.</summary>
    public const string Admin = "admin";

    public static IReadOnlyList<string> All { get; } = [Viewer, Member, Admin];

    /// <summary>What people with that role may do, in one sentence.</summary>
    public static string Meaning(string role) => role switch
    {
        Viewer => "Sees everything, changes nothing.",
        Member => "Submits sweeps, acts on every sweep and run, deletes their own.",
        Admin => "Does everything, and administers users and hosts.",
        _ => throw new ArgumentOutOfRangeException(nameof(role), role, "There is no such role."),
    };
}
