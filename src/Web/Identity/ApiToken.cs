namespace Tracker.Web.Identity;

/// <summary>A token by which a program acts for a user. Only its hash is kept.</summary>
public sealed class ApiToken
{
    public long Id { get; private set; }

    public required long UserId { get; init; }

    public TrackerUser User { get; private set; } = null!;

    public required string Name { get; init; }

    /// <summary>The first characters, by which people recognise the token.</summary>
    public required string Prefix { get; init; }

    /// <summary>SHA-256 of the token.</summary>
    public required byte[] Hash { get; init; }

    /// <summary>One of <see cref="TokenScopes"/>.</summary>
    public required string Scope { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    public DateTimeOffset? LastUsedAt { get; private set; }

    public DateTimeOffset? RevokedAt { get; private set; }
}

/// <summary>What tokens may do for their owner at most. What one may do is the lesser of this and of its owner's role.</summary>
public static class TokenScopes
{
    /// <summary>What viewers may read.</summary>
    public const string Read = "read";

    /// <summary>What members may do, as far as its owner may.</summary>
    public const string Write = "write";

    /// <summary>Everything that its owner may, who has to be an admin.</summary>
    public const string Admin = "admin";

    /// <summary>Each may do what those before it may.</summary>
    public static IReadOnlyList<string> All { get; } = [Read, Write, Admin];

    /// <summary>The scopes that someone of a role, who acts by a token of a scope or without one, can give to a token.</summary>
    public static IReadOnlyList<string> Offered(string role, string? actingScope = null)
    {
        var most = Lesser(role, actingScope) == Roles.Admin ? All.Count : All.Count - 1;
        return [.. All.Take(actingScope == Read ? 0 : most)];
    }

    /// <summary>The role that somebody has while a token of that scope acts for them; without a token, their own.</summary>
    public static string Lesser(string role, string? scope) => scope switch
    {
        null or Admin => role,
        Write => role == Roles.Admin ? Roles.Member : role,
        _ => Roles.Viewer,
    };

    /// <summary>What a token may do, in a few words.</summary>
    public static string Meaning(string scope) => scope switch
    {
        Read => "read",
        Write => "read and change",
        Admin => "read, change and administer",
        _ => throw new ArgumentOutOfRangeException(nameof(scope), scope, "There is no such scope."),
    };
}
