using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Tracker.Domain;
using Tracker.Web.Hosting;

namespace Tracker.Web.Identity;

/// <summary>A token as its owner sees it.</summary>
public sealed record TokenInfo(long Id, string Name, string Prefix, string Scope, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, DateTimeOffset? LastUsedAt);

/// <summary>A token that was just made: the only time that its text is known.</summary>
public sealed record NewToken(TokenInfo Info, string Token);

/// <summary>The user is a person, who makes tokens alone.</summary>
public sealed class NotAServiceException(string message) : InvalidOperationException(message);

/// <summary>Whom a token speaks for.</summary>
/// <param name="UserId">The user.</param>
/// <param name="UserName">Their name.</param>
/// <param name="Role">Their role.</param>
/// <param name="Token">What the token is for and how it begins.</param>
/// <param name="Scope">One of <see cref="TokenScopes"/>.</param>
/// <param name="TokenId">The token; nothing for the one of the settings.</param>
/// <param name="Service">Whether the user is a program.</param>
public sealed record TokenOwner(long UserId, string UserName, string Role, string Token, string Scope, long? TokenId = null, bool Service = false);

/// <summary>The tokens of users, for pages, REST and the check of requests.</summary>
public sealed class ApiTokens(AccountsContext accounts, AccountAudit audit, AccountRegister register, Access access, TimeProvider clock)
{
    public const string Start = "trk_";
    private const string Noun = "token";
    private const int SecretBytes = 32;
    private const int PrefixLength = 10;

    /// <summary>Writing the time of every request would cost a row version each; a minute is exact enough for people.</summary>
    private static readonly TimeSpan s_lastUsedPrecision = TimeSpan.FromMinutes(1);

    /// <summary>The tokens of a user that are not revoked, newest first; expired ones are among them.</summary>
    public async Task<IReadOnlyList<TokenInfo>> ListAsync(long userId, CancellationToken cancellationToken) => await accounts.ApiTokens
        .Where(t => t.UserId == userId && t.RevokedAt == null)
        .OrderByDescending(t => t.Id)
        .Select(t => new TokenInfo(t.Id, t.Name, t.Prefix, t.Scope, t.CreatedAt, t.ExpiresAt, t.LastUsedAt))
        .ToListAsync(cancellationToken);

    /// <summary>Makes a token for whoever acts.</summary>
    /// <exception cref="AccessDeniedException">Nobody acts, or they may not have that scope.</exception>
    public async Task<NewToken> CreateAsync(string name, string scope, TimeSpan? lifetime, CancellationToken cancellationToken)
    {
        var actor = await access.DemandScopeAsync(scope, Policies.Account, cancellationToken);
        return await MakeAsync(actor.UserId!.Value, null, name, scope, lifetime, cancellationToken);
    }

    /// <summary>Makes a token for a service account; for admins.</summary>
    /// <returns>Nothing when there is no such user.</returns>
    /// <exception cref="AccessDeniedException">Whoever acts may not.</exception>
    /// <exception cref="NotAServiceException">The user is a person.</exception>
    /// <exception cref="SpecificationException">The scope is more than the role of the account.</exception>
    public async Task<NewToken?> CreateForAsync(long userId, string name, string scope, TimeSpan? lifetime, CancellationToken cancellationToken)
    {
        await access.DemandScopeAsync(scope, Policies.Administer, cancellationToken);
        var user = await accounts.Users.AsNoTracking().SingleOrDefaultAsync(u => u.Id == userId, cancellationToken);
        if (user is null) return null;
        if (!user.Service) throw new NotAServiceException($"{user.UserName} is a person and makes tokens alone, under Settings.");
        if (!TokenScopes.Offered(user.Role).Contains(scope))
            throw new SpecificationException([new("scope", $"The role of {user.UserName} is {user.Role}. Expected one of {string.Join(", ", TokenScopes.Offered(user.Role))}, found {scope}.")]);
        return await MakeAsync(userId, user.UserName, name, scope, lifetime, cancellationToken);
    }

    private async Task<NewToken> MakeAsync(long owner, string? of, string name, string scope, TimeSpan? lifetime, CancellationToken cancellationToken)
    {
        var text = Start + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));
        var now = clock.GetUtcNow();
        var token = new ApiToken
        {
            UserId = owner, Name = name, Prefix = text[..PrefixLength], Scope = scope, Hash = Hash(text), CreatedAt = now, ExpiresAt = lifetime is { } l ? now + l : null,
        };
        await using var transaction = await accounts.Database.BeginTransactionAsync(cancellationToken);
        accounts.ApiTokens.Add(token);
        await accounts.SaveChangesAsync(cancellationToken);
        await audit.RecordAsync(new("token.create", Noun, token.Id, name, After: new { user = of, token.Prefix, scope, token.ExpiresAt }), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new(new(token.Id, token.Name, token.Prefix, token.Scope, token.CreatedAt, token.ExpiresAt, null), text);
    }

    /// <summary>Revokes a token of whoever acts, at once and for ever.</summary>
    /// <returns>Whether they have such a token.</returns>
    /// <exception cref="AccessDeniedException">Nobody acts, or a token that may only read.</exception>
    public async Task<bool> RevokeAsync(long tokenId, CancellationToken cancellationToken)
    {
        var userId = (await access.DemandAsync(Policies.Account, cancellationToken)).UserId!.Value;
        return await EndAsync(userId, null, tokenId, cancellationToken);
    }

    /// <summary>Revokes a token of anybody, at once and for ever; for admins.</summary>
    /// <returns>Whether the user has such a token.</returns>
    /// <exception cref="AccessDeniedException">Whoever acts may not.</exception>
    public async Task<bool> RevokeOfAsync(long userId, long tokenId, CancellationToken cancellationToken)
    {
        await access.DemandAsync(Policies.Administer, cancellationToken);
        var name = await accounts.Users.Where(u => u.Id == userId).Select(u => u.UserName).SingleOrDefaultAsync(cancellationToken);
        return await EndAsync(userId, name, tokenId, cancellationToken);
    }

    private async Task<bool> EndAsync(long userId, string? of, long tokenId, CancellationToken cancellationToken)
    {
        await using var transaction = await accounts.Database.BeginTransactionAsync(cancellationToken);
        var token = await accounts.ApiTokens.AsNoTracking().SingleOrDefaultAsync(t => t.Id == tokenId && t.UserId == userId, cancellationToken);
        var now = clock.GetUtcNow();
        var revoked = await accounts.ApiTokens
            .Where(t => t.Id == tokenId && t.UserId == userId && t.RevokedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(t => t.RevokedAt, now), cancellationToken) > 0;
        if (revoked) await audit.RecordAsync(new("token.revoke", Noun, tokenId, token!.Name, Before: new { user = of, token.Prefix, token.Scope }), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        if (revoked) register.Forget(userId);
        return revoked;
    }

    /// <summary>Whether a token still holds: neither revoked nor expired, and its owner not disabled.</summary>
    public Task<bool> HoldsAsync(long tokenId, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return accounts.ApiTokens.AnyAsync(
            t => t.Id == tokenId && t.RevokedAt == null && (t.ExpiresAt == null || t.ExpiresAt > now) && t.User.DisabledAt == null, cancellationToken);
    }

    /// <summary>
    /// Whom a token speaks for, or <see langword="null"/> when it is unknown, expired or revoked, or its owner is disabled. The row is found by the token's
    /// hash, so the time of the search tells nothing about the token.
    /// </summary>
    public async Task<TokenOwner?> FindOwnerAsync(string text, CancellationToken cancellationToken)
    {
        if (!text.StartsWith(Start, StringComparison.Ordinal)) return null;
        var hash = Hash(text);
        var now = clock.GetUtcNow();
        var found = await accounts.ApiTokens
            .Where(t => t.Hash == hash && t.RevokedAt == null && (t.ExpiresAt == null || t.ExpiresAt > now) && t.User.DisabledAt == null)
            .Select(t => new { t.Id, t.UserId, t.User.UserName, t.User.Role, t.User.Service, t.Name, t.Prefix, t.Scope, t.LastUsedAt })
            .SingleOrDefaultAsync(cancellationToken);
        if (found is null) return null;
        if (found.LastUsedAt is null || now - found.LastUsedAt > s_lastUsedPrecision)
            await accounts.ApiTokens.Where(t => t.Id == found.Id).ExecuteUpdateAsync(set => set.SetProperty(t => t.LastUsedAt, now), cancellationToken);
        return new(found.UserId, found.UserName!, found.Role, $"{found.Name} ({found.Prefix}…)", found.Scope, found.Id, found.Service);
    }

    /// <summary>The first admin, for whom the token from the settings speaks.</summary>
    public async Task<TokenOwner?> FindAdminAsync(CancellationToken cancellationToken)
    {
        var admin = await accounts.Users
            .Where(u => u.Role == Roles.Admin && u.DisabledAt == null && !u.Service)
            .OrderBy(u => u.Id).Select(u => new { u.Id, u.UserName }).FirstOrDefaultAsync(cancellationToken);
        return admin is null ? null : new(admin.Id, admin.UserName!, Roles.Admin, Settings.AdminTokenKey, TokenScopes.Admin);
    }

    internal static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
