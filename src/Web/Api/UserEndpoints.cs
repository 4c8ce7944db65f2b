using Microsoft.AspNetCore.Http.HttpResults;
using Tracker.Web.Identity;

namespace Tracker.Web.Api;

/// <summary>Users over REST, for admins.</summary>
public static class UserEndpoints
{
    private const string Noun = "user";
    private const int MaxName = 100;
    private const int MaxPassword = 1000;

    public static void MapUsers(this RouteGroupBuilder api)
    {
        var users = api.MapGroup("/users").WithTags("Users").Needs(Policies.Administer);
        users.MapGet("", ListAsync);
        users.MapPost("", AddAsync).AnswersSecret().Invalid();
        users.MapGet("/{id:long}", FindAsync).Tagged().Missing();
        users.MapPatch("/{id:long}", ChangeAsync).Tagged().Invalid().Matching().Missing().Conflicting();
        users.MapPost("/{id:long}/password", ResetAsync).AnswersSecret().Invalid().Missing().Conflicting();
        users.MapDelete("/{id:long}", DeleteAsync).Tagged().Matching().Missing().Conflicting();
        users.MapUserTokens();
    }

    /// <summary>List users</summary>
    /// <remarks>By name. For admins.</remarks>
    public static async Task<Ok<IReadOnlyList<UserResource>>> ListAsync(Users users, CancellationToken cancellationToken) =>
        TypedResults.Ok<IReadOnlyList<UserResource>>([.. (await users.ListAsync(cancellationToken)).Select(u => UserResource.From(u))]);

    /// <summary>Get a user</summary>
    /// <remarks>For admins.</remarks>
    public static async Task<Results<Ok<UserResource>, ProblemHttpResult>> FindAsync(long id, Users users, CancellationToken cancellationToken) =>
        Answer(id, await users.FindAsync(id, cancellationToken));

    /// <summary>Add a user</summary>
    /// <remarks>Without a password one is generated; the answer holds it, it cannot be shown again, and it has to be changed at the first sign-in. With service the account is a
    /// program's: it has no password and signs in with tokens that admins make. For admins.</remarks>
    public static async Task<Created<UserResource>> AddAsync(JsonBody<NewUserRequest> body, HttpResponse response, Users users, CancellationToken cancellationToken)
    {
        var (role, password) = (body.Value.Role ?? Roles.Member, body.Value.Password);
        var service = body.Value.Service == true;
        CheckRole(new Checks().Length("name", body.Value.Name, 1, MaxName).Length("password", password, 0, MaxPassword), role)
            .Require("password", !service || password is null, "A service account has no password.").Throw();
        if (service)
        {
            var added = await users.AddServiceAsync(body.Value.Name, role, cancellationToken);
            return TypedResults.Created($"{ApiSetup.Prefix}/users/{added.Id}", UserResource.From(added));
        }
        var made = await users.AddAsync(body.Value.Name, role, password, cancellationToken);
        response.Headers.CacheControl = "no-store";
        return TypedResults.Created($"{ApiSetup.Prefix}/users/{made.User.Id}", UserResource.From(made.User, made.Password));
    }

    /// <summary>Change a user</summary>
    /// <remarks>Changes role or state. Who is disabled is signed out and their tokens are refused at once. The last admin stays one. For admins.</remarks>
    public static async Task<Results<Ok<UserResource>, ProblemHttpResult>> ChangeAsync(long id, JsonBody<UserChange> body, Users users, CancellationToken cancellationToken)
    {
        CheckRole(new(), body.Value.Role).Throw();
        try
        {
            return Answer(id, await users.ChangeAsync(id, body.Value.Role, body.Value.Disabled, cancellationToken));
        }
        catch (LastAdminException e)
        {
            return Problem.Conflict(e.Message);
        }
    }

    /// <summary>Reset a user's password</summary>
    /// <remarks>Ends their sessions and a lock by wrong passwords. Without a password one is generated; the answer holds it, it cannot be shown again, and it has to be changed at the next sign-in. For admins.</remarks>
    public static async Task<Results<Ok<UserResource>, ProblemHttpResult>> ResetAsync(
        long id, JsonBody<PasswordReset> body, HttpResponse response, Users users, CancellationToken cancellationToken)
    {
        new Checks().Length("password", body.Value.Password, 0, MaxPassword).Throw();
        try
        {
            if (await users.ResetPasswordAsync(id, body.Value.Password, cancellationToken) is not { } made) return Problem.NotFound(Noun, id);
            response.Headers.CacheControl = "no-store";
            return TypedResults.Ok(UserResource.From(made.User, made.Password));
        }
        catch (NoPasswordException e)
        {
            return Problem.Conflict(e.Message);
        }
    }

    /// <summary>Delete a user</summary>
    /// <remarks>With their tokens and saved views. Their sweeps and runs stay and belong to nobody. The last admin stays. For admins.</remarks>
    public static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(long id, Users users, CancellationToken cancellationToken)
    {
        try
        {
            return await users.DeleteAsync(id, cancellationToken) ? TypedResults.NoContent() : Problem.NotFound(Noun, id);
        }
        catch (LastAdminException e)
        {
            return Problem.Conflict(e.Message);
        }
    }

    private static Checks CheckRole(Checks checks, string? role) =>
        checks.Require("role", role is null || Roles.All.Contains(role), $"Expected one of {string.Join(", ", Roles.All)}, found '{role}'.");

    private static Results<Ok<UserResource>, ProblemHttpResult> Answer(long id, UserInfo? user) =>
        user is null ? Problem.NotFound(Noun, id) : TypedResults.Ok(UserResource.From(user));
}
