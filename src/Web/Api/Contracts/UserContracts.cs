using System.Text.Json.Serialization;
using Tracker.Web.Identity;

namespace Tracker.Web.Api;

/// <summary>A user to be added.</summary>
/// <param name="Role">viewer, member or admin; member when left out.</param>
/// <param name="Password">Their password; generated when left out, and then to be changed at the first sign-in.</param>
/// <param name="Service">Whether it is a program's account: without a password, and with tokens that admins make.</param>
public sealed record NewUserRequest(string? Role = null, string? Password = null, bool? Service = null)
{
    /// <summary>The name that they sign in with: letters, digits and -._@+.</summary>
    public required string Name { get; init; }
}

/// <summary>What to change of a user; what is left out stays.</summary>
/// <param name="Role">viewer, member or admin.</param>
/// <param name="Disabled">Whether they may not sign in.</param>
public sealed record UserChange(string? Role = null, bool? Disabled = null);

/// <summary>Another password for a user.</summary>
/// <param name="Password">The password; generated when left out, and then to be changed at the next sign-in.</param>
public sealed record PasswordReset(string? Password = null);

/// <summary>A user.</summary>
/// <param name="Id">Their id.</param>
/// <param name="Name">The name that they sign in with.</param>
/// <param name="Role">viewer, member or admin.</param>
/// <param name="Disabled">Whether they may not sign in.</param>
/// <param name="CreatedAt">Since when there is the account.</param>
/// <param name="LastSeenAt">When they were last heard of, to the minute.</param>
/// <param name="LockedUntil">Until when wrong passwords lock the account, if they do.</param>
/// <param name="Tokens">How many valid tokens they have.</param>
/// <param name="Service">Whether it is a program's account, which has tokens and no password.</param>
/// <param name="MustChangePassword">Whether they have to change their password when they sign in.</param>
/// <param name="Password">A generated password: in the answer that makes it and never again.</param>
public sealed record UserResource(
    long Id, string Name, string Role, bool Disabled, DateTimeOffset CreatedAt, DateTimeOffset? LastSeenAt, DateTimeOffset? LockedUntil, int Tokens,
    bool Service, bool MustChangePassword, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Password = null) : IEditable
{
    [JsonIgnore]
    public string EditTag => Storage.EditTag.OfUser(Name, Role, Disabled);

    public static UserResource From(UserInfo u, string? password = null) =>
        new(u.Id, u.Name, u.Role, u.DisabledAt is not null, u.CreatedAt, u.LastSeenAt, u.LockedUntil, u.Tokens, u.Service, u.MustChangePassword, password);
}
