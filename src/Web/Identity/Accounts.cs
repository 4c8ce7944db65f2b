using Microsoft.AspNetCore.Identity;

namespace Tracker.Web.Identity;

/// <summary>Someone who signs in.</summary>
public sealed class TrackerUser : IdentityUser<long>
{
    public DateTimeOffset CreatedAt { get; private set; }
}

/// <summary>A role that users have.</summary>
public sealed class TrackerRole : IdentityRole<long>
{
    /// <summary>May administer hosts and users; everybody else may do what concerns experiments.</summary>
    public const string Admin = "admin";
}
