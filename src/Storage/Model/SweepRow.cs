using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Tracker.Domain;

namespace Tracker.Storage.Model;

/// <summary>A row of <c>sweeps</c>.</summary>
internal sealed class SweepRow
{
    public long Id { get; init; }
    public required string Name { get; init; }
    public required string Notes { get; init; }
    public required string Spec { get; init; }
    public Priority Priority { get; init; }
    public int? MaxParallel { get; init; }
    public long? OwnerId { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public bool External { get; init; }
    public required string Attributes { get; init; }
    public DateTimeOffset ChangedAt { get; init; }
    public DateTimeOffset? DeletedAt { get; init; }
    public string? DeletedBy { get; init; }
    public bool Purging { get; init; }
}

/// <summary>A row of <c>sweep_runs</c>: a run that a sweep shows.</summary>
internal sealed class SweepRunRow
{
    public long SweepId { get; init; }
    public long RunId { get; init; }
    public int Ordinal { get; init; }
    public bool Reused { get; init; }
    public RunRow Run { get; init; } = null!;
}

/// <summary>Maps <see cref="SweepRow"/>.</summary>
internal sealed class SweepConfiguration : IEntityTypeConfiguration<SweepRow>
{
    public void Configure(EntityTypeBuilder<SweepRow> builder)
    {
        builder.ToTable("sweeps");
        builder.HasKey(s => s.Id);
        builder.Property(s => s.Id).HasColumnName("id");
        builder.Property(s => s.Name).HasColumnName("name");
        builder.Property(s => s.Notes).HasColumnName("notes");
        builder.Property(s => s.Spec).HasColumnName("spec").HasColumnType("jsonb");
        builder.Property(s => s.Priority).HasColumnName("priority").HasConversion<string>();
        builder.Property(s => s.MaxParallel).HasColumnName("max_parallel");
        builder.Property(s => s.OwnerId).HasColumnName("owner_id");
        builder.Property(s => s.CreatedAt).HasColumnName("created_at");
        builder.Property(s => s.External).HasColumnName("external");
        builder.Property(s => s.Attributes).HasColumnName("attributes").HasColumnType("jsonb");
        builder.Property(s => s.ChangedAt).HasColumnName("changed_at");
        builder.Property(s => s.DeletedAt).HasColumnName("deleted_at");
        builder.Property(s => s.DeletedBy).HasColumnName("deleted_by");
        builder.Property(s => s.Purging).HasColumnName("purging");
    }
}

/// <summary>Maps <see cref="SweepRunRow"/>.</summary>
internal sealed class SweepRunConfiguration : IEntityTypeConfiguration<SweepRunRow>
{
    public void Configure(EntityTypeBuilder<SweepRunRow> builder)
    {
        builder.ToTable("sweep_runs");
        builder.HasKey(s => new { s.SweepId, s.Ordinal });
        builder.HasOne(s => s.Run).WithMany().HasForeignKey(s => s.RunId);
        builder.Property(s => s.SweepId).HasColumnName("sweep_id");
        builder.Property(s => s.RunId).HasColumnName("run_id");
        builder.Property(s => s.Ordinal).HasColumnName("ordinal");
        builder.Property(s => s.Reused).HasColumnName("reused");
    }
}
