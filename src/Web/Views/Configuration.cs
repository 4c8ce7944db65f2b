using System.Globalization;
using Tracker.Domain;
using Tracker.Storage;
using Tracker.Web.Formatting;

namespace Tracker.Web.Views;

/// <summary>A run's settings and what follows from them, as rows of a table.</summary>
public static class Configuration
{
    private static readonly HashSet<string> s_methods = new(["method", "technique"], StringComparer.OrdinalIgnoreCase);

    /// <summary>Settings that are understood of the parameters of programs outside, the method aside.</summary>
    private static readonly HashSet<string> s_stated = ["network", "data set", "batch", "seed", "epochs", "first learning rate", "weight decay", "momentum"];

    /// <summary>One row: the same field of both runs; <paramref name="Other"/> is null without one to compare with.</summary>
    public sealed record Row(string Field, string Value, string? Other)
    {
        public bool Differs => Other is not null && Other != Value;
    }

    public static IReadOnlyList<Row> Of(RunView run, RunView? other) =>
        [.. Fields(run).Zip(other is null ? Fields(run).Select(field => (field.Field, Value: (string?)null)) : Fields(other).Select(field => (field.Field, Value: (string?)field.Value)),
            (mine, theirs) => new Row(mine.Field, mine.Value, theirs.Value))];

    /// <summary>The settings of a run by name, always the same names in the same order.</summary>
    public static IEnumerable<(string Field, string Value)> Fields(RunView run) =>
    [
        .. run.External is { } outside ? Stated(run.Spec, outside) : Fields(run.Spec, run.Plan()),
        ("timed alone", run.Timing ? "yes" : "no"),
        ("host labels", run.Labels.Count == 0 ? "–" : string.Join(", ", run.Labels)),
        ("device memory", run.MemoryBytes is { } bytes ? $"{Numbers.Bytes(bytes)}" : "–"),
    ];

    /// <summary>What a program outside did not state is not known.</summary>
    private static IEnumerable<(string Field, string Value)> Stated(RunSpec spec, ExternalRun outside) =>
        Fields(spec, plan: null).Select(field => field.Field == "method"
            ? (field.Field, outside.Parameters.FirstOrDefault(parameter => s_methods.Contains(parameter.Key)).Value ?? "–")
            : (field.Field, s_stated.Contains(field.Field) && field.Value is not ("" or "0") ? field.Value : "–"));

    private static IEnumerable<(string Field, string Value)> Fields(RunSpec spec, RunPlan? plan)
    {
        yield return ("network", spec.NetworkTitle());
        yield return ("data set", spec.DatasetTitle());
        yield return ("method", spec.Method.ToString());
        yield return ("batch", Numbers.Count(spec.Batch));
        yield return ("small batch", Numbers.Count(spec.SmallBatch));
        yield return ("ghost batch", spec.GhostBatch is { } ghost ? Numbers.Count(ghost) : "–");
        yield return ("seed", spec.Seed.ToString(CultureInfo.InvariantCulture));
        yield return ("epochs", Numbers.Count(plan?.Epochs ?? spec.Epochs));
        yield return ("steps", plan is null ? "–" : Numbers.Count(plan.TotalSteps));
        yield return ("steps an epoch", plan is null ? "–" : Numbers.Count(plan.StepsPerEpoch));
        yield return ("first learning rate", Numbers.Setting(plan?.InitialLearningRate ?? spec.Parameters.LearningRate));
        yield return ("rate changes at epoch", plan is null || plan.Regime.Phases.Count < 2 ? "–" : string.Join(", ", plan.Regime.Phases.Skip(1).Select(phase => phase.StartEpoch.ToString("#,0.##", CultureInfo.InvariantCulture))));
        yield return ("rate scaling", spec.Parameters.Scaling switch
        {
            LearningRateScaling.SquareRoot => "√(large / small)",
            LearningRateScaling.Linear => "large / small",
            LearningRateScaling.None => "none",
            _ => "fixed",
        });
        yield return ("weight decay", Numbers.Setting(spec.Parameters.WeightDecay));
        yield return ("momentum", Numbers.Setting(spec.Parameters.Momentum));
        yield return ("gradient clipped at", spec.Parameters.Clip > 0 ? Numbers.Setting(spec.Parameters.Clip) : "not clipped");
        yield return ("gradient noise σ²", plan is { NoiseVariance: > 0 } ? Numbers.Setting(plan.NoiseVariance) : "–");
        yield return ("training images", Numbers.Count(spec.TrainingSplit));
        yield return ("validated on", spec.ValidationExamples > 0 ? $"{Numbers.Count(spec.ValidationExamples)} images held out of training" : "the test set");
        yield return ("result", spec.Selection.ToString());
        yield return ("other settings", spec.Variant() is { Length: > 0 } variant ? variant : "as usual");
        yield return ("device", Titles.Device(spec.Device));
    }
}
