using System.Globalization;
using Tracker.Storage;
using Tracker.Web.Formatting;

namespace Tracker.Web.Views;

/// <summary>A field by which runs can be grouped.</summary>
/// <param name="Key">Its name in addresses.</param>
/// <param name="Title">What people call it.</param>
/// <param name="Of">Its value of a run.</param>
public sealed record GroupField(string Key, string Title, Func<RunView, GroupValue> Of)
{
    public static readonly IReadOnlyList<GroupField> All =
    [
        new("technique", "Technique", run => run.External is null ? new(run.Spec.Technique().Name, run.Spec.Method.TableColumn ?? int.MaxValue) : new("from outside", int.MaxValue)),
        new("batch", "Batch", run => Number("batch", run.Spec.Batch)),
        new("ghost", "Ghost batch", run => run.Spec.GhostBatch is { } ghost ? Number("ghost", ghost) : new("no ghosts", 0, Absent: true)),
        new("network", "Network", run => new(run.Spec.NetworkTitle(), 0)),
        new("dataset", "Data set", run => new(run.Spec.DatasetTitle(), 0)),
        new("rate", "Learning rate", run => Setting("rate", run.Spec.Parameters.LearningRate)),
        new("decay", "Weight decay", run => Setting("decay", run.Spec.Parameters.WeightDecay)),
        new("momentum", "Momentum", run => Setting("momentum", run.Spec.Parameters.Momentum)),
        new("optimizer", "Optimizer", run => new(run.Spec.Parameters.Optimizer.ToString().ToUpperInvariant(), 0)),
        new("epochs", "Epochs", run => new(Numbers.Of(run.Spec.Epochs, "epoch"), run.Spec.Epochs)),
        new("images", "Training images", run => new(Numbers.Of(run.Spec.TrainingSplit, "image"), run.Spec.TrainingSplit)),
        new("seed", "Seed", run => new("seed " + run.Spec.Seed.ToString(CultureInfo.InvariantCulture), run.Spec.Seed)),
        new("sweep", "Sweep", run => new($"{run.SweepName} (sweep {run.SweepId.ToString(CultureInfo.InvariantCulture)})", run.SweepId)),
        new("host", "Host", run => new(run.HostName ?? "no host", 0)),
        new("device", "Device", run => new(run.Device ?? "no device", 0)),
        new("state", "State", run => new(run.Look().ToString(), (int)run.State)),
    ];

    private static GroupValue Number(string word, int value) => new($"{word} {Numbers.Count(value)}", value);

    private static GroupValue Setting(string word, double value) => new($"{word} {Numbers.Setting(value)}", value);
}

/// <summary>A value of a field.</summary>
/// <param name="Text">As names of groups say it; equal texts are one group.</param>
/// <param name="Rank">Groups are in this order, then in that of their texts.</param>
/// <param name="Absent">Whether it says that the run has no such thing, which goes without saying beside other fields.</param>
public readonly record struct GroupValue(string Text, double Rank, bool Absent = false);
