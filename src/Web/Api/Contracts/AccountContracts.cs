using System.Text.Json.Serialization;
using Tracker.Web.Identity;

namespace Tracker.Web.Api;

/// <summary>What to make a token of.</summary>
/// <param name="ExpiresInDays">1 to 3650; left out, the token does not expire.</param>
/// <param name="Scope">read, write or admin; write when left out.</param>
public sealed record TokenRequest(int? ExpiresInDays = null, string? Scope = null)
{
    /// <summary>What the token is for; 1 to 100 characters.</summary>
    public required string Name { get; init; }
}

/// <summary>A new password for you.</summary>
public sealed record PasswordChange
{
    /// <summary>The present password.</summary>
    public required string Current { get; init; }

    /// <summary>The new password; at least 10 characters.</summary>
    public required string New { get; init; }
}

/// <summary>A token.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">What it is for.</param>
/// <param name="Prefix">Its first characters.</param>
/// <param name="Scope">read, write or admin.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="ExpiresAt">When it ends, if it does.</param>
/// <param name="LastUsedAt">When it was last used, to the minute.</param>
/// <param name="Token">The token itself: in the answer that makes it and never again.</param>
public sealed record TokenResource(long Id, string Name, string Prefix, string Scope, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, DateTimeOffset? LastUsedAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Token = null)
{
    public static TokenResource From(TokenInfo t, string? token = null) => new(t.Id, t.Name, t.Prefix, t.Scope, t.CreatedAt, t.ExpiresAt, t.LastUsedAt, token);
}

/// <summary>Who asks.</summary>
/// <param name="Id">Your id.</param>
/// <param name="Name">Your name.</param>
/// <param name="Role">viewer, member or admin.</param>
/// <param name="Token">Name and first characters of the token that came with the request; null with a session.</param>
/// <param name="Scope">What that token may do.</param>
public sealed record MeResource(long Id, string Name, string Role, string? Token, string? Scope);
