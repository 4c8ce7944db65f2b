using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Tracker.Domain;

namespace Tracker.Storage.Model;

/// <summary>A row of <c>runs</c>.</summary>
internal sealed class RunRow
{
    public long Id { get; init; }
    public long SweepId { get; init; }
    public long? OwnerId { get; init; }
    public required string Spec { get; init; }
    public required string Fingerprint { get; init; }

    public required string Network { get; init; }
    public required string Dataset { get; init; }
    public required string Method { get; init; }
    public short? TableColumn { get; init; }
    public int Batch { get; init; }
    public int SmallBatch { get; init; }
    public int? GhostBatch { get; init; }
    public int Seed { get; init; }
    public int Epochs { get; init; }
    public int TrainExamples { get; init; }
    public double LearningRate { get; init; }
    public double WeightDecay { get; init; }
    public double Momentum { get; init; }
    public double Clip { get; init; }
    public LearningRateScaling Scaling { get; init; }
    public double? NoiseVariance { get; init; }
    public required string Options { get; init; }
    public required string Variant { get; init; }
    public DeviceClass Device { get; init; }
    public DeviceClass DeviceClass { get; init; }

    public RunState State { get; init; }
    public DateTimeOffset StateSince { get; init; }
    public RunWish Wish { get; init; }
    public Priority Priority { get; init; }
    public long QueuePosition { get; init; }
    public bool Assigned { get; init; }
    public DateTimeOffset? AssignedAt { get; init; }
    public DateTimeOffset? NotBefore { get; init; }

    public int Attempt { get; init; }
    public long FlushSequence { get; init; }
    public long? HostId { get; init; }
    public string? DeviceName { get; init; }
    public int Crashes { get; init; }
    public int HostLosses { get; init; }
    public bool Quarantined { get; init; }
    public bool Shared { get; init; }

    public bool Timing { get; init; }
    public required string[] Labels { get; init; }
    public long? MemoryBytes { get; init; }
    public double ExpectedSeconds { get; init; }

    public long Step { get; init; }
    public long TotalSteps { get; init; }
    public double? SamplesPerSecond { get; init; }
    public string? Progress { get; init; }
    public string? Checkpoint { get; init; }
    public string? Result { get; init; }
    public double? FinalAccuracy { get; init; }
    public double? BestAccuracy { get; init; }
    public double? SelectedAccuracy { get; init; }
    public FailureKind? FailureKind { get; init; }
    public string? FailureReason { get; init; }

    public required string Notes { get; init; }
    public required string[] Tags { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? StartedAt { get; init; }
    public DateTimeOffset? FinishedAt { get; init; }
    public bool External { get; init; }
    public string? Title { get; init; }
    public required string Attributes { get; init; }
    public DateTimeOffset? ReportedAt { get; init; }
    public DateTimeOffset? DeletedAt { get; init; }
    public string? DeletedBy { get; init; }
    public bool Purging { get; init; }

    public SweepRow Sweep { get; init; } = null!;
    public HostRow? Host { get; init; }

    /// <summary>The specification, from the columns; of a run from outside what was understood of its parameters, which is no specification to train.</summary>
    public RunSpec ToSpec()
    {
        var spec = new RunSpec(
            Network, Dataset, MethodNames.ReadStated(Method), Batch, SmallBatch, GhostBatch, Seed, Epochs, TrainExamples,
            new HyperParameters(LearningRate, WeightDecay, Momentum, Clip, Scaling, NoiseVariance), Device);
        return Options == "{}" ? spec : SpecReader.ReadOptions(Options, spec);
    }
}

/// <summary>Maps <see cref="RunRow"/>.</summary>
internal sealed class RunConfiguration : IEntityTypeConfiguration<RunRow>
{
    public void Configure(EntityTypeBuilder<RunRow> builder)
    {
        builder.ToTable("runs");
        builder.HasKey(r => r.Id);
        builder.HasOne(r => r.Sweep).WithMany().HasForeignKey(r => r.SweepId).OnDelete(DeleteBehavior.NoAction);
        builder.HasOne(r => r.Host).WithMany().HasForeignKey(r => r.HostId).OnDelete(DeleteBehavior.NoAction);
        MapIdentity(builder);
        MapSpecification(builder);
        MapLife(builder);
        MapPlacement(builder);
        MapOutcome(builder);
        MapOutside(builder);
        MapBin(builder);
    }

    private static void MapIdentity(EntityTypeBuilder<RunRow> builder)
    {
        builder.Property(r => r.Id).HasColumnName("id");
        builder.Property(r => r.SweepId).HasColumnName("sweep_id");
        builder.Property(r => r.OwnerId).HasColumnName("owner_id");
        builder.Property(r => r.Spec).HasColumnName("spec").HasColumnType("jsonb");
        builder.Property(r => r.Fingerprint).HasColumnName("fingerprint");
        builder.Property(r => r.Notes).HasColumnName("notes");
        builder.Property(r => r.Tags).HasColumnName("tags");
        builder.Property(r => r.CreatedAt).HasColumnName("created_at");
        builder.Property(r => r.StartedAt).HasColumnName("started_at");
        builder.Property(r => r.FinishedAt).HasColumnName("finished_at");
    }

    private static void MapSpecification(EntityTypeBuilder<RunRow> builder)
    {
        builder.Property(r => r.Network).HasColumnName("network");
        builder.Property(r => r.Dataset).HasColumnName("dataset");
        builder.Property(r => r.Method).HasColumnName("method");
        builder.Property(r => r.TableColumn).HasColumnName("table_column");
        builder.Property(r => r.Batch).HasColumnName("batch");
        builder.Property(r => r.SmallBatch).HasColumnName("small_batch");
        builder.Property(r => r.GhostBatch).HasColumnName("ghost_batch");
        builder.Property(r => r.Seed).HasColumnName("seed");
        builder.Property(r => r.Epochs).HasColumnName("epochs");
        builder.Property(r => r.TrainExamples).HasColumnName("train_examples");
        builder.Property(r => r.LearningRate).HasColumnName("learning_rate");
        builder.Property(r => r.WeightDecay).HasColumnName("weight_decay");
        builder.Property(r => r.Momentum).HasColumnName("momentum");
        builder.Property(r => r.Clip).HasColumnName("clip");
        builder.Property(r => r.Scaling).HasColumnName("scaling").HasConversion<string>();
        builder.Property(r => r.NoiseVariance).HasColumnName("noise_variance");
        builder.Property(r => r.Options).HasColumnName("options").HasColumnType("jsonb");
        builder.Property(r => r.Variant).HasColumnName("variant");
        builder.Property(r => r.Device).HasColumnName("device").HasConversion<string>();
        builder.Property(r => r.DeviceClass).HasColumnName("device_class").HasConversion<string>();
    }

    private static void MapLife(EntityTypeBuilder<RunRow> builder)
    {
        builder.Property(r => r.State).HasColumnName("state").HasConversion<string>();
        builder.Property(r => r.StateSince).HasColumnName("state_since");
        builder.Property(r => r.Wish).HasColumnName("wish").HasConversion<string>();
        builder.Property(r => r.Priority).HasColumnName("priority").HasConversion<string>();
        builder.Property(r => r.QueuePosition).HasColumnName("queue_position");
        builder.Property(r => r.Assigned).HasColumnName("assigned");
        builder.Property(r => r.AssignedAt).HasColumnName("assigned_at");
        builder.Property(r => r.NotBefore).HasColumnName("not_before");
        builder.Property(r => r.Attempt).HasColumnName("attempt");
        builder.Property(r => r.FlushSequence).HasColumnName("flush_seq");
        builder.Property(r => r.HostId).HasColumnName("host_id");
        builder.Property(r => r.DeviceName).HasColumnName("device_name");
        builder.Property(r => r.Crashes).HasColumnName("crashes");
        builder.Property(r => r.HostLosses).HasColumnName("host_losses");
        builder.Property(r => r.Quarantined).HasColumnName("quarantined");
        builder.Property(r => r.Shared).HasColumnName("shared");
    }

    private static void MapPlacement(EntityTypeBuilder<RunRow> builder)
    {
        builder.Property(r => r.Timing).HasColumnName("timing");
        builder.Property(r => r.Labels).HasColumnName("labels");
        builder.Property(r => r.MemoryBytes).HasColumnName("memory_bytes");
        builder.Property(r => r.ExpectedSeconds).HasColumnName("expected_seconds");
    }

    private static void MapOutcome(EntityTypeBuilder<RunRow> builder)
    {
        builder.Property(r => r.Step).HasColumnName("step");
        builder.Property(r => r.TotalSteps).HasColumnName("total_steps");
        builder.Property(r => r.SamplesPerSecond).HasColumnName("samples_per_second");
        builder.Property(r => r.Progress).HasColumnName("progress").HasColumnType("jsonb");
        builder.Property(r => r.Checkpoint).HasColumnName("checkpoint").HasColumnType("jsonb");
        builder.Property(r => r.Result).HasColumnName("result").HasColumnType("jsonb");
        builder.Property(r => r.FinalAccuracy).HasColumnName("final_accuracy");
        builder.Property(r => r.BestAccuracy).HasColumnName("best_accuracy");
        builder.Property(r => r.SelectedAccuracy).HasColumnName("selected_accuracy");
        builder.Property(r => r.FailureKind).HasColumnName("failure_kind").HasConversion<string>();
        builder.Property(r => r.FailureReason).HasColumnName("failure_reason");
    }

    private static void MapOutside(EntityTypeBuilder<RunRow> builder)
    {
        builder.Property(r => r.External).HasColumnName("external");
        builder.Property(r => r.Title).HasColumnName("title");
        builder.Property(r => r.Attributes).HasColumnName("attributes").HasColumnType("jsonb");
        builder.Property(r => r.ReportedAt).HasColumnName("reported_at");
    }

    private static void MapBin(EntityTypeBuilder<RunRow> builder)
    {
        builder.Property(r => r.DeletedAt).HasColumnName("deleted_at");
        builder.Property(r => r.DeletedBy).HasColumnName("deleted_by");
        builder.Property(r => r.Purging).HasColumnName("purging");
    }
}
