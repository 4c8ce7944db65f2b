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

/// <summary>What tokens may do for their owner.</summary>
public static class TokenScopes
{
    public const string Read = "read";
    public const string Write = "write";
}
