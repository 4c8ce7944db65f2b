using System.Text.Json;

namespace Tracker.Domain;

/// <summary>
/// Reads sweeps and runs from JSON: fills in the network's defaults, and refuses unknown fields, wrong types, values out of range
/// and combinations that cannot be, each with the path of its field.
/// </summary>
public static class SpecReader
{
    private const int MaxBatch = 1_000_000;
    private const int MaxEpochs = 100_000;

    /// <summary>Reads a sweep.</summary>
    /// <param name="json">The JSON text.</param>
    /// <returns>The sweep with every default filled in; it expands into at least one run.</returns>
    /// <exception cref="SpecificationException">The text is no JSON or has faults; all of them are listed.</exception>
    public static SweepSpec ReadSweep(string json) => Read(json, ReadSweep);

    /// <summary>Reads one run: the fields of a sweep with single values, and <c>batch</c>, <c>method</c> and <c>seed</c>.</summary>
    /// <param name="json">The JSON text.</param>
    /// <returns>The run with every default filled in.</returns>
    /// <exception cref="SpecificationException">The text is no JSON or has faults; all of them are listed.</exception>
    public static RunSpec ReadRun(string json) => Read(json, ReadRun);

    /// <summary>Reads what <see cref="SpecWriter.OptionsJson"/> wrote.</summary>
    /// <param name="json">The JSON text.</param>
    /// <param name="spec">The run without these settings.</param>
    /// <returns>The run with them.</returns>
    /// <exception cref="SpecificationException">The text is no JSON or has faults; all of them are listed.</exception>
    public static RunSpec ReadOptions(string json, RunSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return Read(json, (fields, _) =>
        {
            var parameters = fields.Object("parameters");
            var optimizer = OptionsReader.ReadOptimizer(parameters, spec.Parameters.Scaling);
            parameters?.RefuseUnknown();
            return spec with { Parameters = spec.Parameters with { Settings = optimizer }, Options = OptionsReader.ReadOptions(fields, spec.TrainExamples) };
        });
    }

    private static T Read<T>(string json, Func<JsonFields, List<SpecError>, T?> read) where T : class
    {
        ArgumentNullException.ThrowIfNull(json);
        var errors = new List<SpecError>();
        using var document = Parse(json);
        if (document.RootElement.ValueKind != JsonValueKind.Object)
            throw new SpecificationException([new("", $"Expected a JSON object, found {document.RootElement.ValueKind.ToString().ToLowerInvariant()}.")]);
        var fields = new JsonFields(document.RootElement, "", errors);
        var result = read(fields, errors);
        fields.RefuseUnknown();
        return errors.Count == 0 && result is not null ? result : throw new SpecificationException(errors);
    }

    private static JsonDocument Parse(string json)
    {
        try
        {
            return JsonDocument.Parse(json);
        }
        catch (JsonException e)
        {
            throw new SpecificationException([new("", $"This is no JSON: line {e.LineNumber + 1}, position {e.BytePositionInLine + 1}: {e.Message.Split(" LineNumber", 2)[0]}")]);
        }
    }

    private static SweepSpec? ReadSweep(JsonFields fields, List<SpecError> errors)
    {
        var common = ReadCommon(fields);
        var name = fields.Text("name");
        if (name is { Length: > 200 }) fields.Fault("name", $"Expected at most 200 characters, found {name.Length}.");
        var smallBatch = fields.Whole("smallBatch", 2, MaxBatch);
        var largeBatch = fields.Wholes("largeBatch", 2, MaxBatch);
        var ghostBatch = fields.Wholes("ghostBatch", 2, MaxBatch);
        var methods = ReadMethods(fields);
        var seeds = fields.Wholes("seeds", 0, int.MaxValue);
        var priority = fields.Choice("priority", ("low", Priority.Low), ("normal", Priority.Normal), ("high", Priority.High));
        var maxParallel = fields.Whole("maxParallel", 1, SweepSpec.MaxRuns);
        var rerun = fields.Flag("rerun");
        var placement = ReadPlacement(fields);
        if (!fields.Has("smallBatch") && !fields.Has("largeBatch"))
            fields.Fault("largeBatch", "Expected at least one batch size: smallBatch, largeBatch or both.");
        if (methods is not null && methods.Any(m => m.LargeBatch) && !fields.Has("largeBatch"))
            fields.Fault("largeBatch", $"Method '{methods.First(m => m.LargeBatch)}' needs at least one large batch.");
        if (errors.Count > 0 || common is null) return null;

        largeBatch ??= [];
        var sweep = new SweepSpec(
            string.IsNullOrWhiteSpace(name) ? $"{common.Network.Title} on {common.Dataset.Title}" : name.Trim(),
            common.Network.Name, common.Dataset.Name, smallBatch ?? common.Network.SmallBatch, largeBatch, ghostBatch ?? [DefaultGhostBatch],
            methods ?? DefaultMethods(largeBatch.Count > 0, common.Options.Normalization), seeds ?? [0],
            common.Epochs, common.TrainExamples, common.LearningRates, common.WeightDecays, common.Momentum, common.Clip, common.Scaling,
            common.NoiseVariance, common.Device, priority ?? Priority.Normal, maxParallel, rerun ?? false)
        {
            Optimizer = common.Optimizer,
            Options = common.Options,
            Placement = placement,
        };
        Check(sweep, fields);
        return sweep;
    }

    private static Placement ReadPlacement(JsonFields fields)
    {
        var labels = fields.Texts("labels") ?? [];
        if (labels.Count > HostLabels.Most || !labels.All(HostLabels.IsLabel) || labels.Distinct(StringComparer.Ordinal).Count() < labels.Count)
            fields.Fault("labels", HostLabels.Rule);
        return new()
        {
            Timing = fields.Flag("timing") ?? false, Labels = labels, DeviceMemoryGb = fields.Number("deviceMemoryGb", 0, 1e6, openMin: true),
        };
    }

    /// <summary>The columns of the paper's tables, as far as batches and network allow them.</summary>
    private static List<Method> DefaultMethods(bool largeBatch, NormalizationKind normalization) =>
        [.. Method.TableColumns.Where(m => (largeBatch || !m.LargeBatch) && (normalization == NormalizationKind.Batch || !m.GhostBatchNorm))];

    /// <summary>Ghost batch size of the paper's experiments (section 6).</summary>
    private const int DefaultGhostBatch = 128;

    /// <summary>Refuses sweeps that are too large, and values that no run could use.</summary>
    private static void Check(SweepSpec sweep, JsonFields fields)
    {
        var product = SweepExpander.CombinationCount(sweep) * sweep.Seeds.Count * sweep.LearningRates.Count;
        if (product > SweepSpec.MaxRuns || product * sweep.WeightDecays.Count > SweepSpec.MaxRuns)
        {
            var count = (decimal)product * sweep.WeightDecays.Count;
            fields.Fault("", $"The sweep has {count:0} runs; at most {SweepSpec.MaxRuns} are allowed. Split it, or take fewer seeds or values.");
            return;
        }
        var expansion = SweepExpander.Expand(sweep);
        foreach (var refused in expansion.Refused.DistinctBy(r => r.Path).Where(r => IsUseless(r, sweep, expansion)))
            fields.Fault(refused.Path, refused.Reason);
    }

    /// <summary>Whether the refused value is good for no run at all; otherwise the plan shows the refusal and the rest is trained.</summary>
    private static bool IsUseless(RefusedCombination refused, SweepSpec sweep, SweepExpansion expansion) => refused.Path switch
    {
        "normalization" => true,
        var p when p.StartsWith("ghost", StringComparison.Ordinal) => !expansion.Runs.Any(r => r.GhostBatch == refused.GhostBatch),
        _ => !expansion.Runs.Any(r => r.Batch == refused.Batch && r.Method.LargeBatch == refused.Method.LargeBatch),
    };

    private static RunSpec? ReadRun(JsonFields fields, List<SpecError> errors)
    {
        var common = ReadCommon(fields);
        fields.Text("name");
        var methodText = fields.Text("method") ?? "sb";
        if (!Method.TryParse(methodText, out var method, out var error)) fields.Fault("method", error);
        var smallBatch = fields.Whole("smallBatch", 2, MaxBatch) ?? common?.Network.SmallBatch ?? 0;
        var batch = fields.Whole("batch", 2, MaxBatch);
        var ghostBatch = fields.Whole("ghostBatch", 2, MaxBatch);
        var seed = fields.Whole("seed", 0, int.MaxValue) ?? 0;
        if (method is { LargeBatch: true } && !fields.Has("batch")) fields.Fault("batch", $"Method '{method}' needs a batch size.");
        if (method is { LargeBatch: false } && batch is { } given && fields.Has("smallBatch") && given != smallBatch)
            fields.Fault("batch", $"Method '{method}' trains with the small batch: expected {smallBatch}, found {given}.");
        if (common is null || method is null || errors.Count > 0) return null;
        if (!method.LargeBatch) smallBatch = batch ?? smallBatch;

        var spec = new RunSpec(
            common.Network.Name, common.Dataset.Name, method, method.LargeBatch ? batch!.Value : smallBatch, smallBatch,
            method.GhostBatchNorm ? ghostBatch ?? DefaultGhostBatch : null, seed, common.Epochs, common.TrainExamples,
            new HyperParameters(common.LearningRates[0], common.WeightDecays[0], common.Momentum, common.Clip, common.Scaling, method.Noise ? common.NoiseVariance : null)
            {
                Settings = common.Optimizer,
            },
            common.Device)
        {
            Options = common.Options,
        };
        if (common.LearningRates.Count > 1) fields.Fault("parameters.learningRate", "A run has one learning rate.");
        if (common.WeightDecays.Count > 1) fields.Fault("parameters.weightDecay", "A run has one weight decay.");
        if (method.GhostBatchNorm && spec.Normalization == NormalizationKind.None)
            fields.Fault("normalization", $"Method '{method}' needs batch normalization.");
        if (spec.Batch > spec.TrainingSplit)
            fields.Fault("batch", $"Batch {spec.Batch} is larger than the training set of {spec.TrainingSplit} images. Take {spec.TrainingSplit} or less.");
        if (spec.GhostBatch > spec.Batch)
            fields.Fault("ghostBatch", $"Ghost batch {spec.GhostBatch} is larger than batch {spec.Batch}. Take {spec.Batch} or less.");
        return spec;
    }

    private static List<Method>? ReadMethods(JsonFields fields)
    {
        if (fields.Texts("methods") is not { } texts) return null;
        var methods = new List<Method>();
        for (var i = 0; i < texts.Count; i++)
        {
            if (!Method.TryParse(texts[i], out var method, out var error)) fields.Fault($"methods[{i}]", error);
            else if (methods.Contains(method)) fields.Fault($"methods[{i}]", $"'{texts[i]}' appears twice.");
            else methods.Add(method);
        }
        return methods;
    }

    private sealed record Common(
        Network Network, Dataset Dataset, int Epochs, int TrainExamples, IReadOnlyList<double> LearningRates, IReadOnlyList<double> WeightDecays,
        double Momentum, double Clip, LearningRateScaling Scaling, double? NoiseVariance, DeviceClass Device, OptimizerSettings Optimizer,
        ExperimentOptions Options);

    private static Common? ReadCommon(JsonFields fields)
    {
        var network = ReadNetwork(fields);
        var dataset = ReadDataset(fields, network);
        var epochs = fields.Whole("epochs", 1, MaxEpochs);
        var examples = fields.Whole("trainExamples", 2, dataset?.TrainExamples ?? int.MaxValue);
        var device = fields.Choice("device", ("any", DeviceClass.Any), ("cpu", DeviceClass.Cpu), ("cuda", DeviceClass.Cuda));
        var parameters = fields.Object("parameters");
        var rates = parameters?.Numbers("learningRate", 0, 1000, openMin: true);
        var decays = parameters?.Numbers("weightDecay", 0, 1);
        var momentum = parameters?.Number("momentum", 0, 1, openMax: true);
        var clip = parameters?.Number("clip", 0, 1e9);
        var scaling = parameters?.Choice("scaling", [.. Enum.GetValues<LearningRateScaling>().Select(s => (s.Word(), s))]) ?? LearningRateScaling.SquareRoot;
        var noise = parameters?.Number("noiseVariance", 0, 1e6);
        var optimizer = OptionsReader.ReadOptimizer(parameters, scaling);
        parameters?.RefuseUnknown();
        var options = OptionsReader.ReadOptions(fields, examples ?? dataset?.TrainExamples ?? int.MaxValue);
        if (options.Precision == Precision.Tf32 && device == DeviceClass.Cpu)
            fields.Fault("precision", "'tf32' is a mode of CUDA devices. Take 'float32', or another device.");
        return network is null || dataset is null ? null : new(
            network, dataset, epochs ?? (int)Math.Ceiling(network.Regime.Epochs), examples ?? dataset.TrainExamples,
            rates ?? [network.Regime.Phases[0].LearningRate], decays ?? [network.Regime.WeightDecay], momentum ?? network.Regime.Momentum,
            clip ?? HyperParameters.DefaultClip, scaling, noise, device ?? DeviceClass.Any, optimizer, options);
    }

    private static Network? ReadNetwork(JsonFields fields)
    {
        var names = string.Join(", ", Catalogue.Networks.Select(n => n.Name));
        var text = fields.Text("network");
        if (text is null)
        {
            if (!fields.Has("network")) fields.Fault("network", $"Required. Networks: {names}.");
            return null;
        }
        var network = Catalogue.FindNetwork(text);
        if (network is null) fields.Fault("network", $"There is no network '{text}'. Networks: {names}.");
        return network;
    }

    private static Dataset? ReadDataset(JsonFields fields, Network? network)
    {
        var names = string.Join(", ", network?.Datasets ?? Catalogue.Datasets.Select(d => d.Name));
        var text = fields.Text("dataset");
        if (text is null)
        {
            if (!fields.Has("dataset")) fields.Fault("dataset", $"Required. Data sets: {names}.");
            return null;
        }
        var dataset = Catalogue.FindDataset(text);
        if (dataset is null) fields.Fault("dataset", $"There is no data set '{text}'. Data sets: {names}.");
        else if (network is not null && !network.Datasets.Contains(text))
            fields.Fault("dataset", $"'{text}' does not fit network '{network.Name}'. Data sets that do: {names}.");
        return dataset;
    }
}
