using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Tracker.Storage.Model;

/// <summary>A row of <c>hosts</c>.</summary>
internal sealed class HostRow
{
    public long Id { get; init; }
    public required string Name { get; init; }
    public required string Version { get; init; }
    public int ProcessId { get; init; }
    public required string Devices { get; init; }
    public bool Draining { get; init; }
    public DateTimeOffset StartedAt { get; init; }
    public DateTimeOffset HeartbeatAt { get; init; }
    public DateTimeOffset? StoppedAt { get; init; }
    public required string[] Labels { get; init; }
    public DateTimeOffset? RemovedAt { get; init; }
    public required string Machine { get; init; }
    public required string MachineId { get; init; }
    public required string Instance { get; init; }
}

/// <summary>Maps <see cref="HostRow"/>.</summary>
internal sealed class HostConfiguration : IEntityTypeConfiguration<HostRow>
{
    public void Configure(EntityTypeBuilder<HostRow> builder)
    {
        builder.ToTable("hosts");
        builder.HasKey(h => h.Id);
        builder.Property(h => h.Id).HasColumnName("id");
        builder.Property(h => h.Name).HasColumnName("name");
        builder.Property(h => h.Version).HasColumnName("version");
        builder.Property(h => h.ProcessId).HasColumnName("process_id");
        builder.Property(h => h.Devices).HasColumnName("devices").HasColumnType("jsonb");
        builder.Property(h => h.Draining).HasColumnName("draining");
        builder.Property(h => h.StartedAt).HasColumnName("started_at");
        builder.Property(h => h.HeartbeatAt).HasColumnName("heartbeat_at");
        builder.Property(h => h.StoppedAt).HasColumnName("stopped_at");
        builder.Property(h => h.Labels).HasColumnName("labels");
        builder.Property(h => h.RemovedAt).HasColumnName("removed_at");
        builder.Property(h => h.Machine).HasColumnName("machine");
        builder.Property(h => h.MachineId).HasColumnName("machine_id");
        builder.Property(h => h.Instance).HasColumnName("instance");
    }
}
