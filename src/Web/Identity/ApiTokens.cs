using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;

namespace Tracker.Web.Identity;

/// <summary>A token as its owner sees it.</summary>
public sealed record TokenInfo(long Id, string Name, string Prefix, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, DateTimeOffset? LastUsedAt);

/// <summary>A token that was just made: the only time that its text is known.</summary>
public sealed record NewToken(TokenInfo Info, string Token);

/// <summary>Whom a token speaks for.</summary>
public sealed record TokenOwner(long UserId, string UserName, IReadOnlyList<string> Roles);

/// <summary>The tokens of users, for pages, REST and the check of requests.</summary>
public sealed class ApiTokens(AccountsContext accounts, TimeProvider clock)
{
    public const string Start = "trk_";
    private const int SecretBytes = 32;
    private const int PrefixLength = 10;

    /// <summary>Writing the time of every request would cost a row version each; a minute is exact enough for people.</summary>
    private static readonly TimeSpan s_lastUsedPrecision = TimeSpan.FromMinutes(1);

    /// <summary>The tokens of a user that are not revoked, newest first; expired ones are among them.</summary>
    public async Task<IReadOnlyList<TokenInfo>> ListAsync(long userId, CancellationToken cancellationToken) => await accounts.ApiTokens
        .Where(t => t.UserId == userId && t.RevokedAt == null)
        .OrderByDescending(t => t.Id)
        .Select(t => new TokenInfo(t.Id, t.Name, t.Prefix, t.CreatedAt, t.ExpiresAt, t.LastUsedAt))
        .ToListAsync(cancellationToken);

    public async Task<NewToken> CreateAsync(long userId, string name, TimeSpan? lifetime, CancellationToken cancellationToken)
    {
        var text = Start + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));
        var now = clock.GetUtcNow();
        var token = new ApiToken
        {
            UserId = userId, Name = name, Prefix = text[..PrefixLength], Hash = Hash(text), CreatedAt = now, ExpiresAt = lifetime is { } l ? now + l : null,
        };
        accounts.ApiTokens.Add(token);
        await accounts.SaveChangesAsync(cancellationToken);
        return new(new(token.Id, token.Name, token.Prefix, token.CreatedAt, token.ExpiresAt, null), text);
    }

    /// <summary>Revokes a token of that user at once and for ever.</summary>
    /// <returns>Whether the user has such a token.</returns>
    public async Task<bool> RevokeAsync(long userId, long tokenId, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return await accounts.ApiTokens
            .Where(t => t.Id == tokenId && t.UserId == userId && t.RevokedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(t => t.RevokedAt, now), cancellationToken) > 0;
    }

    /// <summary>
    /// Whom a token speaks for, or <see langword="null"/> when it is unknown, expired or revoked. The row is found by the token's
    /// hash, so the time of the search tells nothing about the token.
    /// </summary>
    public async Task<TokenOwner?> FindOwnerAsync(string text, CancellationToken cancellationToken)
    {
        if (!text.StartsWith(Start, StringComparison.Ordinal)) return null;
        var hash = Hash(text);
        var now = clock.GetUtcNow();
        var found = await accounts.ApiTokens
            .Where(t => t.Hash == hash && t.RevokedAt == null && (t.ExpiresAt == null || t.ExpiresAt > now))
            .Select(t => new { t.Id, t.UserId, t.User.UserName, t.LastUsedAt })
            .SingleOrDefaultAsync(cancellationToken);
        if (found is null) return null;
        if (found.LastUsedAt is null || now - found.LastUsedAt > s_lastUsedPrecision)
            await accounts.ApiTokens.Where(t => t.Id == found.Id).ExecuteUpdateAsync(set => set.SetProperty(t => t.LastUsedAt, now), cancellationToken);
        return new(found.UserId, found.UserName!, await RolesAsync(found.UserId, cancellationToken));
    }

    /// <summary>The first admin, for whom the token from the settings speaks.</summary>
    public async Task<TokenOwner?> FindAdminAsync(CancellationToken cancellationToken)
    {
        var admin = await accounts.Users
            .Where(u => accounts.UserRoles.Any(ur => ur.UserId == u.Id && accounts.Roles.Any(r => r.Id == ur.RoleId && r.Name == TrackerRole.Admin)))
            .OrderBy(u => u.Id).Select(u => new { u.Id, u.UserName }).FirstOrDefaultAsync(cancellationToken);
        return admin is null ? null : new(admin.Id, admin.UserName!, [TrackerRole.Admin]);
    }

    private async Task<IReadOnlyList<string>> RolesAsync(long userId, CancellationToken cancellationToken) => await accounts.UserRoles
        .Where(ur => ur.UserId == userId)
        .Join(accounts.Roles, ur => ur.RoleId, r => r.Id, (_, r) => r.Name!)
        .ToListAsync(cancellationToken);

    internal static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
