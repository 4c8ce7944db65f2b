using Microsoft.EntityFrameworkCore;

namespace Tracker.Storage;

/// <summary>The tables of sweeps, runs and hosts.</summary>
public sealed class TrackerDbContext(DbContextOptions<TrackerDbContext> options) : DbContext(options)
{
    /// <summary>When the server started, in queries only: while it was down no host could be heard of.</summary>
    internal static DateTimeOffset ServerStart() => throw new NotSupportedException("The server answers this, in a query.");

    /// <inheritdoc />
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        ArgumentNullException.ThrowIfNull(modelBuilder);
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(TrackerDbContext).Assembly);
        modelBuilder.HasDbFunction(() => ServerStart()).HasName("pg_postmaster_start_time").IsBuiltIn();
    }
}
