using System.Net;
using System.Net.Http.Headers;
using System.Security.Claims;
using System.Text;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Tracker.Web.Identity;

namespace Tracker.Web.Tests.Access;

/// <summary>What is taken away ends at once, also where it is in use.</summary>
public sealed class RevocationTests(TrackerApp app) : IClassFixture<TrackerApp>
{
    [Fact]
    public async Task A_revoked_token_ends_what_it_keeps_open_and_no_other_does()
    {
        var user = await Members.AddAsync(app, "streaming");
        await using var revoked = await OpenAsync(await Members.TokenOfAsync(app, user));
        await using var other = await OpenAsync(await Members.TokenOfAsync(app, user));
        (await app.Api.DeleteAsync($"/api/v1/users/{user.Id}/tokens/{revoked.TokenId}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await revoked.EndedAsync();
        other.IsOpen.ShouldBeTrue();

        await (await app.Api.PatchAsync($"/api/v1/users/{user.Id}", Http.Json("""{ "disabled": true }"""))).JsonAsync(HttpStatusCode.OK);
        await other.EndedAsync();
    }

    [Theory]
    [InlineData("UPDATE users SET disabled_at = now() WHERE id = @user")]
    [InlineData("UPDATE users SET role = 'viewer' WHERE id = @user")]
    [InlineData("UPDATE api_tokens SET revoked_at = now() WHERE user_id = @user")]
    [InlineData("DELETE FROM users WHERE id = @user")]
    public async Task A_change_that_another_process_makes_is_told_by_the_database(string sql)
    {
        var user = await Members.AddAsync(app, $"told-{Guid.NewGuid():N}");
        await using var open = await OpenAsync(await Members.TokenOfAsync(app, user));
        await using var command = app.Get<NpgsqlDataSource>().CreateCommand(sql);
        command.Parameters.AddWithValue("user", user.Id);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        await open.EndedAsync();
    }

    [Fact]
    public async Task An_open_page_is_signed_out_when_its_user_is_disabled()
    {
        var state = new AccountState(7, "mia", Roles.Member, "stamp", Disabled: false);
        var register = new AccountRegister((_, _) => Task.FromResult<AccountState?>(state), TimeProvider.System);
        using var page = new CircuitAuthentication(register, NullLogger<CircuitAuthentication>.Instance);
        Claim[] claims = [new(ClaimTypes.NameIdentifier, "7"), new(ClaimTypes.Name, "mia"), new(ClaimTypes.Role, Roles.Member), new("AspNet.Identity.SecurityStamp", "stamp")];
        page.SetAuthenticationState(Task.FromResult(new AuthenticationState(new(new ClaimsIdentity(claims, "test")))));
        var told = new TaskCompletionSource<AuthenticationState>(TaskCreationOptions.RunContinuationsAsynchronously);
        page.AuthenticationStateChanged += async changed => told.TrySetResult(await changed);

        state = state with { Disabled = true };
        register.Forget(7);
        (await told.Task.WaitAsync(TrackerApp.Patience, TestContext.Current.CancellationToken)).User.Identity?.IsAuthenticated.ShouldNotBe(true);
    }

    [Fact]
    public async Task A_password_that_programs_send_ends_with_its_reset()
    {
        var user = await Members.AddAsync(app, "mlflow-user");
        using var client = app.Client();
        client.DefaultRequestHeaders.Authorization = Basic("mlflow-user", TrackerApp.Password);
        const string path = "/api/2.0/mlflow/nothing-here";
        (await client.GetAsync(path)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        var reset = await app.Api.PostJsonAsync($"/api/v1/users/{user.Id}/password", "{}");
        (await client.GetAsync(path)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

        // The new one was seen by an admin and has to be changed first.
        client.DefaultRequestHeaders.Authorization = Basic("mlflow-user", reset.Text("password")!);
        (await client.GetAsync(path)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        client.DefaultRequestHeaders.Authorization = Basic("anything", await Members.TokenOfAsync(app, user));
        (await client.GetAsync(path)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await client.GetAsync("/api/v1/me")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    internal static AuthenticationHeaderValue Basic(string name, string password) => new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{name}:{password}")));

    private async Task<OpenStream> OpenAsync(string token)
    {
        await using var scope = app.Services.CreateAsyncScope();
        var owner = (await scope.ServiceProvider.GetRequiredService<ApiTokens>().FindOwnerAsync(token, TestContext.Current.CancellationToken)).ShouldNotBeNull();
        return new(app.Get<OpenRequests>(), owner);
    }

    /// <summary>A request that is answered until somebody ends it.</summary>
    private sealed class OpenStream : IAsyncDisposable, IHttpRequestLifetimeFeature
    {
        private readonly CancellationTokenSource _aborted = new();
        private readonly Task _answering;

        public OpenStream(OpenRequests open, TokenOwner owner)
        {
            TokenId = owner.TokenId!.Value;
            var context = new DefaultHttpContext { User = AccountClaims.Of(owner, BearerHandler.SchemeName) };
            context.Request.Method = HttpMethods.Get;
            context.Features.Set<IHttpRequestLifetimeFeature>(this);
            open.Begin(context);
            _answering = open.RunAsync(context, c => Task.Delay(Timeout.InfiniteTimeSpan, c.RequestAborted));
        }

        public long TokenId { get; }

        public bool IsOpen => !_answering.IsCompleted;

        public CancellationToken RequestAborted
        {
            get => _aborted.Token;
            set => throw new NotSupportedException();
        }

        public void Abort() => _aborted.Cancel();

        public async Task EndedAsync() => await Should.ThrowAsync<TaskCanceledException>(() => _answering.WaitAsync(TrackerApp.Patience, TestContext.Current.CancellationToken));

        public async ValueTask DisposeAsync()
        {
            await _aborted.CancelAsync();
            await Should.ThrowAsync<TaskCanceledException>(() => _answering);
            _aborted.Dispose();
        }
    }
}
