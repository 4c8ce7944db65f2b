using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.SignalR;
using Tracker.Storage;

namespace Tracker.Web.Identity;

/// <summary>
/// Requests that are being answered, so that those which take long (streams of events, exports) end at once when their token is revoked, or
/// their user is disabled or has another role. Live pages are told by <see cref="CircuitAuthentication"/> instead.
/// </summary>
public sealed partial class OpenRequests : IDisposable
{
    private static readonly object s_begun = new();
    private readonly ConcurrentDictionary<Open, bool> _open = new();
    private readonly AccountRegister _accounts;
    private readonly IServiceScopeFactory _scopes;
    private readonly ILogger<OpenRequests> _logger;
    private long _changes;

    public OpenRequests(AccountRegister accounts, IServiceScopeFactory scopes, ILogger<OpenRequests> logger)
    {
        (_accounts, _scopes, _logger) = (accounts, scopes, logger);
        accounts.Changed += Follow;
    }

    public void Dispose() => _accounts.Changed -= Follow;

    /// <summary>Notes that a request begins; comes before it is known whose it is, so that no change falls between that and <see cref="RunAsync"/>.</summary>
    public void Begin(HttpContext context) => context.Items[s_begun] = Interlocked.Read(ref _changes);

    /// <summary>Answers a request, as long as it may be answered.</summary>
    public async Task RunAsync(HttpContext context, RequestDelegate next)
    {
        // What changes something is short, and is rather finished than torn.
        if (!HttpMethods.IsGet(context.Request.Method) || AccountClaims.IdOf(context.User) is not { } userId || IsOfLivePage(context))
        {
            await next(context);
            return;
        }
        var open = new Open(context, userId);
        _open[open] = true;
        try
        {
            if (Interlocked.Read(ref _changes) != (long)context.Items[s_begun]! && !await HoldsAsync(open)) open.End();
            else await next(context);
        }
        finally
        {
            open.Answered();
            _open.TryRemove(open, out _);
        }
    }

    /// <summary>A page whose connection is cut could not be told where to go. The connection is a web socket only to the endpoint, so that it is known by that.</summary>
    private static bool IsOfLivePage(HttpContext context) => context.GetEndpoint()?.Metadata.GetMetadata<HubMetadata>() is not null;

    private void Follow(object? sender, AccountChangedEventArgs change)
    {
        Interlocked.Increment(ref _changes);
        var concerned = _open.Keys.Where(o => o.UserId == change.UserId).ToList();
        if (concerned.Count > 0) _ = EndAsync(concerned);
    }

    private async Task EndAsync(List<Open> concerned)
    {
        foreach (var open in concerned)
        {
            if (!await HoldsAsync(open)) open.End();
        }
    }

    private async Task<bool> HoldsAsync(Open open)
    {
        try
        {
            var user = open.User;
            if (await _accounts.FindAsync(open.UserId, CancellationToken.None) is not { Disabled: false } state) return false;
            if (!user.HasClaim(c => c.Type == AccountClaims.Token)) return ReferenceEquals(AccountClaims.Renewed(user, state), user);
            if (TokenScopes.Lesser(state.Role, user.FindFirstValue(AccountClaims.Scope)) != user.FindFirstValue(ClaimTypes.Role)) return false;
            if (!long.TryParse(user.FindFirstValue(AccountClaims.TokenId), NumberStyles.None, CultureInfo.InvariantCulture, out var tokenId)) return true;
            await using var scope = _scopes.CreateAsyncScope();
            return await scope.ServiceProvider.GetRequiredService<ApiTokens>().HoldsAsync(tokenId, CancellationToken.None);
        }
        catch (Exception e) when (TransientErrors.IsTransient(e))
        {
            // Whoever was cut off for nothing asks again.
            Cut(_logger, e.Message);
            return false;
        }
    }

    private sealed class Open(HttpContext context, long userId)
    {
        private readonly Lock _gate = new();
        private bool _answered;

        public long UserId => userId;

        public ClaimsPrincipal User { get; } = context.User;

        public void End()
        {
            // Once it is answered, its context may belong to another request.
            lock (_gate)
                if (!_answered) context.Abort();
        }

        public void Answered()
        {
            lock (_gate) _answered = true;
        }
    }

    [LoggerMessage(21, LogLevel.Warning, "A request is ended because it is not known whether its user still may make it: {Reason}")]
    private static partial void Cut(ILogger logger, string reason);
}
