using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Tracker.Web.Identity;

/// <summary>The tables of accounts, which the migrations <c>0001_users</c> and <c>0010_accounts</c> make.</summary>
public sealed class AccountsContext(DbContextOptions<AccountsContext> options) : IdentityUserContext<TrackerUser, long>(options)
{
    public DbSet<ApiToken> ApiTokens => Set<ApiToken>();

    /// <summary>Whether something could not be written because whose it is was deleted after the request had been let in.</summary>
    public static bool IsOfDeletedUser(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return exception.GetBaseException() is PostgresException { SqlState: PostgresErrorCodes.ForeignKeyViolation, ConstraintName: { } constraint }
            && (constraint.EndsWith("_owner_id_fkey", StringComparison.Ordinal) || constraint.EndsWith("_user_id_fkey", StringComparison.Ordinal));
    }

    /// <summary>
    /// Keeps a name, as it is normalized, from others until the transaction ends: two who give it at the same moment both find it free otherwise, and to one of
    /// them the database's index would be an unforeseen fault.
    /// </summary>
    public Task TakeNameAsync(string name, CancellationToken cancellationToken) =>
        Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock(hashtextextended({"user " + name}, 0))", cancellationToken);

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.Entity<TrackerUser>().ToTable("users").Property(u => u.CreatedAt).HasDefaultValueSql("now()").ValueGeneratedOnAdd();
        builder.Entity<IdentityUserClaim<long>>().ToTable("user_claims");
        builder.Entity<IdentityUserLogin<long>>().ToTable("user_logins");
        builder.Entity<IdentityUserToken<long>>().ToTable("user_tokens");
        builder.Entity<ApiToken>().ToTable("api_tokens").HasOne(t => t.User).WithMany().HasForeignKey(t => t.UserId);
        foreach (var property in builder.Model.GetEntityTypes().SelectMany(t => t.GetProperties())) property.SetColumnName(SnakeCase(property.Name));
    }

    private static string SnakeCase(string name) =>
        string.Concat(name.Select((c, i) => char.IsUpper(c) ? (i > 0 ? "_" : "") + char.ToLowerInvariant(c) : c.ToString()));
}
