using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Tracker.Storage;

namespace Tracker.Web.Identity;

/// <summary>States on whose behalf each event of a live page is handled.</summary>
public sealed class CircuitActor(AuthenticationStateProvider authentication, IHttpContextAccessor accessor) : CircuitHandler
{
    private string? _address;

    public override Task OnConnectionUpAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        _address = accessor.HttpContext?.Connection.RemoteIpAddress?.ToString() ?? _address;
        return Task.CompletedTask;
    }

    public override Func<CircuitInboundActivityContext, Task> CreateInboundActivityHandler(Func<CircuitInboundActivityContext, Task> next) => async context =>
    {
        Actor.Current = AccountClaims.ActorOf((await authentication.GetAuthenticationStateAsync()).User, _address);
        await next(context);
    };
}

/// <summary>Tells live pages that their user has another role by now, or that the session is over.</summary>
public sealed class CircuitAuthentication : ServerAuthenticationStateProvider, IHostEnvironmentAuthenticationStateProvider, IDisposable
{
    private readonly AccountRegister _accounts;
    private readonly ILogger<CircuitAuthentication> _logger;
    private long? _userId;

    public CircuitAuthentication(AccountRegister accounts, ILogger<CircuitAuthentication> logger)
    {
        (_accounts, _logger) = (accounts, logger);
        accounts.Changed += Follow;
        AuthenticationStateChanged += Note;
    }

    public void Dispose()
    {
        _accounts.Changed -= Follow;
        AuthenticationStateChanged -= Note;
    }

    private void Note(Task<AuthenticationState> state)
    {
        if (state.IsCompletedSuccessfully) _userId = AccountClaims.IdOf(state.Result.User);
    }

    private void Follow(object? sender, AccountChangedEventArgs change)
    {
        if (change.UserId == _userId) _ = RenewAsync(change.UserId);
    }

    private async Task RenewAsync(long userId)
    {
        try
        {
            var principal = (await GetAuthenticationStateAsync()).User;
            var renewed = AccountClaims.Renewed(principal, await _accounts.FindAsync(userId, CancellationToken.None)) ?? new();
            SetAuthenticationState(Task.FromResult(new AuthenticationState(renewed)));
        }
        catch (Exception e) when (TransientErrors.IsTransient(e))
        {
            // What the page may still do is decided anew at each click.
            Log.NotRenewed(_logger, e.Message);
        }
    }
}

internal static partial class Log
{
    [LoggerMessage(20, LogLevel.Warning, "A live page does not know its user's new role yet: {Reason}")]
    internal static partial void NotRenewed(ILogger logger, string reason);
}
