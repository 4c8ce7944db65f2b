using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Tracker.Domain;

namespace Tracker.Storage.Model;

/// <summary>A row of <c>events</c>.</summary>
internal sealed class EventRow
{
    public long Id { get; init; }
    public long RunId { get; init; }
    public int? Attempt { get; init; }
    public DateTimeOffset At { get; init; }
    public EventLevel Level { get; init; }
    public required string Message { get; init; }
}

/// <summary>A row of <c>run_logs</c>.</summary>
internal sealed class LogRow
{
    public long RunId { get; init; }
    public int Attempt { get; init; }
    public long Line { get; init; }
    public DateTimeOffset At { get; init; }
    public EventLevel Level { get; init; }
    public required string Text { get; init; }
}

/// <summary>A row of <c>metric_names</c>.</summary>
internal sealed class MetricNameRow
{
    public short Id { get; init; }
    public required string Name { get; init; }
    public bool Kept { get; init; }
    public DateTimeOffset? UnusedSince { get; init; }
}

/// <summary>A row of <c>metric_points</c>.</summary>
internal sealed class MetricPointRow
{
    public long RunId { get; init; }
    public short MetricId { get; init; }
    public long Step { get; init; }
    public float Epoch { get; init; }
    public long WallMs { get; init; }
    public double Value { get; init; }
}

/// <summary>Maps <see cref="EventRow"/>.</summary>
internal sealed class EventConfiguration : IEntityTypeConfiguration<EventRow>
{
    public void Configure(EntityTypeBuilder<EventRow> builder)
    {
        builder.ToTable("events");
        builder.HasKey(e => e.Id);
        builder.Property(e => e.Id).HasColumnName("id");
        builder.Property(e => e.RunId).HasColumnName("run_id");
        builder.Property(e => e.Attempt).HasColumnName("attempt");
        builder.Property(e => e.At).HasColumnName("at");
        builder.Property(e => e.Level).HasColumnName("level").HasConversion<string>();
        builder.Property(e => e.Message).HasColumnName("message");
    }
}

/// <summary>Maps <see cref="LogRow"/>.</summary>
internal sealed class LogConfiguration : IEntityTypeConfiguration<LogRow>
{
    public void Configure(EntityTypeBuilder<LogRow> builder)
    {
        builder.ToTable("run_logs");
        builder.HasKey(l => new { l.RunId, l.Attempt, l.Line });
        builder.Property(l => l.RunId).HasColumnName("run_id");
        builder.Property(l => l.Attempt).HasColumnName("attempt");
        builder.Property(l => l.Line).HasColumnName("line");
        builder.Property(l => l.At).HasColumnName("at");
        builder.Property(l => l.Level).HasColumnName("level").HasConversion<string>();
        builder.Property(l => l.Text).HasColumnName("text");
    }
}

/// <summary>Maps <see cref="MetricNameRow"/>.</summary>
internal sealed class MetricNameConfiguration : IEntityTypeConfiguration<MetricNameRow>
{
    public void Configure(EntityTypeBuilder<MetricNameRow> builder)
    {
        builder.ToTable("metric_names");
        builder.HasKey(m => m.Id);
        builder.Property(m => m.Id).HasColumnName("id");
        builder.Property(m => m.Name).HasColumnName("name");
        builder.Property(m => m.Kept).HasColumnName("kept");
        builder.Property(m => m.UnusedSince).HasColumnName("unused_since");
    }
}

/// <summary>Maps <see cref="MetricPointRow"/>.</summary>
internal sealed class MetricPointConfiguration : IEntityTypeConfiguration<MetricPointRow>
{
    public void Configure(EntityTypeBuilder<MetricPointRow> builder)
    {
        builder.ToTable("metric_points");
        builder.HasKey(p => new { p.RunId, p.MetricId, p.Step });
        builder.Property(p => p.RunId).HasColumnName("run_id");
        builder.Property(p => p.MetricId).HasColumnName("metric_id");
        builder.Property(p => p.Step).HasColumnName("step");
        builder.Property(p => p.Epoch).HasColumnName("epoch");
        builder.Property(p => p.WallMs).HasColumnName("wall_ms");
        builder.Property(p => p.Value).HasColumnName("value");
    }
}
