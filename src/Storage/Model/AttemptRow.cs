using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Tracker.Domain;

namespace Tracker.Storage.Model;

/// <summary>A row of <c>attempts</c>.</summary>
internal sealed class AttemptRow
{
    public long RunId { get; init; }
    public int Attempt { get; init; }
    public long HostId { get; init; }
    public required string Device { get; init; }
    public int? ProcessId { get; init; }
    public DateTimeOffset StartedAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }
    public AttemptOutcome? Outcome { get; init; }
    public int? ExitCode { get; init; }
    public int? Signal { get; init; }
    public string? Reason { get; init; }
    public long FirstStep { get; init; }
    public long LastStep { get; init; }
    public FailureKind? FailureKind { get; init; }
    public float Share { get; init; }
    public bool Shared { get; init; }
    public long? ProcessStarted { get; init; }
    public int RefusedWrites { get; init; }
    public HostRow Host { get; init; } = null!;
}

/// <summary>Maps <see cref="AttemptRow"/>.</summary>
internal sealed class AttemptConfiguration : IEntityTypeConfiguration<AttemptRow>
{
    public void Configure(EntityTypeBuilder<AttemptRow> builder)
    {
        builder.ToTable("attempts");
        builder.HasKey(a => new { a.RunId, a.Attempt });
        builder.HasOne(a => a.Host).WithMany().HasForeignKey(a => a.HostId).OnDelete(DeleteBehavior.NoAction);
        builder.Property(a => a.RunId).HasColumnName("run_id");
        builder.Property(a => a.Attempt).HasColumnName("attempt");
        builder.Property(a => a.HostId).HasColumnName("host_id");
        builder.Property(a => a.Device).HasColumnName("device");
        builder.Property(a => a.ProcessId).HasColumnName("process_id");
        builder.Property(a => a.StartedAt).HasColumnName("started_at");
        builder.Property(a => a.EndedAt).HasColumnName("ended_at");
        builder.Property(a => a.Outcome).HasColumnName("outcome").HasConversion<string>();
        builder.Property(a => a.ExitCode).HasColumnName("exit_code");
        builder.Property(a => a.Signal).HasColumnName("signal");
        builder.Property(a => a.Reason).HasColumnName("reason");
        builder.Property(a => a.FirstStep).HasColumnName("first_step");
        builder.Property(a => a.LastStep).HasColumnName("last_step");
        builder.Property(a => a.FailureKind).HasColumnName("failure_kind").HasConversion<string>();
        builder.Property(a => a.Share).HasColumnName("share");
        builder.Property(a => a.Shared).HasColumnName("shared");
        builder.Property(a => a.ProcessStarted).HasColumnName("process_started");
        builder.Property(a => a.RefusedWrites).HasColumnName("refused_writes");
    }
}
