using System.Globalization;
using Tracker.Domain;

namespace Tracker.Storage.External;

/// <summary>The settings of a run of the product as parameters, by the names that filters have for them.</summary>
internal static class OwnSettings
{
    public static IReadOnlyDictionary<string, string> Of(RunSpec spec, string variant)
    {
        var settings = new Dictionary<string, string>();
        void Add(string name, object? value)
        {
            if (value is not null) settings[name] = value as string ?? Convert.ToString(value, CultureInfo.InvariantCulture)!;
        }

        var parameters = spec.Parameters;
        Add("network", spec.Network);
        Add("dataset", spec.Dataset);
        Add("method", spec.Method.ToString());
        Add("technique", spec.Method.Title);
        Add("batch", spec.Batch);
        Add("small_batch", spec.SmallBatch);
        Add("ghost_batch", spec.GhostBatch);
        Add("seed", spec.Seed);
        Add("epochs", spec.Epochs);
        Add("train_examples", spec.TrainExamples);
        Add("learning_rate", parameters.LearningRate);
        Add("weight_decay", parameters.WeightDecay);
        Add("momentum", parameters.Momentum);
        Add("clip", parameters.Clip);
        Add("scaling", parameters.Scaling.Word());
        Add("noise_variance", parameters.NoiseVariance);
        Add("optimizer", Word(parameters.Optimizer));
        Add("warm_up", parameters.WarmUp);
        if (parameters.Optimizer == OptimizerKind.Lars) Add("trust", parameters.Trust);
        if (parameters.Optimizer == OptimizerKind.Emso) Add("proximal", parameters.Proximal);
        if (parameters.Optimizer == OptimizerKind.Emso) Add("inner_steps", parameters.InnerSteps);
        Add("scaled_rate", parameters.ScaledRate);
        Add("normalization", Word(spec.Normalization));
        Add("precision", Word(spec.Precision));
        Add("initial_scale", spec.InitialScale);
        Add("validation_examples", spec.ValidationExamples);
        Add("selection", spec.Selection.ToString());
        Add("variant", variant.Length > 0 ? variant : null);
        return settings;
    }

    private static string Word<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();
}
