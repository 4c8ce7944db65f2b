using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tracker.Domain;

namespace Tracker.Web.Views;

/// <summary>A sweep as it stands in the form: texts as they were typed, right or wrong. <see cref="SpecReader"/> judges them.</summary>
public sealed class SweepDraft
{
    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true };

    public string Name { get; set; } = "";

    public string Network { get; set; } = "";

    public string Dataset { get; set; } = "";

    public string SmallBatch { get; set; } = "";

    public IList<string> LargeBatch { get; set; } = [];

    public IList<string> GhostBatch { get; set; } = [];

    /// <summary>Methods as specifications write them.</summary>
    public IList<string> Methods { get; set; } = [];

    public IList<string> Seeds { get; set; } = [];

    public string Epochs { get; set; } = "";

    public string TrainExamples { get; set; } = "";

    public IList<string> LearningRate { get; set; } = [];

    public IList<string> WeightDecay { get; set; } = [];

    public string Momentum { get; set; } = "";

    public string Clip { get; set; } = "";

    public string Scaling { get; set; } = "sqrt";

    /// <summary>σ² of +noise; empty for what matches the small batch.</summary>
    public string NoiseVariance { get; set; } = "";

    /// <summary>What most leave as it is.</summary>
    public OptionsDraft Options { get; set; } = new();

    public string Device { get; set; } = "any";

    public string Priority { get; set; } = "normal";

    /// <summary>Empty for as many as there are slots.</summary>
    public string MaxParallel { get; set; } = "";

    public bool Rerun { get; set; }

    /// <summary>Whether each run gets its device for itself.</summary>
    public bool Timing { get; set; }

    /// <summary>Labels that hosts must have.</summary>
    public IList<string> Labels { get; set; } = [];

    /// <summary>Memory that the device must have; empty for what like runs took.</summary>
    public string DeviceMemoryGb { get; set; } = "";

    /// <summary>The form filled in with a sweep.</summary>
    public static SweepDraft Of(SweepSpec sweep) => new()
    {
        Name = sweep.Name, Network = sweep.Network, Dataset = sweep.Dataset,
        SmallBatch = Text(sweep.SmallBatch), LargeBatch = Texts(sweep.LargeBatch), GhostBatch = Texts(sweep.GhostBatch),
        Methods = [.. sweep.Methods.Select(method => method.ToString())], Seeds = Texts(sweep.Seeds),
        Epochs = Text(sweep.Epochs), TrainExamples = Text(sweep.TrainExamples),
        LearningRate = Texts(sweep.LearningRates), WeightDecay = Texts(sweep.WeightDecays),
        Momentum = Text(sweep.Momentum), Clip = Text(sweep.Clip), NoiseVariance = sweep.NoiseVariance is { } noise ? Text(noise) : "",
        Scaling = sweep.Scaling.Word(), Options = OptionsDraft.Of(sweep.Optimizer, sweep.Options),
        Device = sweep.Device.ToString().ToLowerInvariant(), Priority = sweep.Priority.ToString().ToLowerInvariant(),
        MaxParallel = sweep.MaxParallel is { } most ? Text(most) : "", Rerun = sweep.Rerun,
        Timing = sweep.Placement.Timing, Labels = [.. sweep.Placement.Labels], DeviceMemoryGb = sweep.Placement.DeviceMemoryGb is { } memory ? Text(memory) : "",
    };

    /// <summary>The form filled in with the settings of a run, for another method.</summary>
    public static SweepDraft Like(RunSpec run, string method, int seeds)
    {
        var title = Method.TryParse(method, out var parsed, out _) ? parsed.Title : method;
        return new SweepDraft
        {
            Name = $"{run.NetworkTitle()} on {run.DatasetTitle()}, {title}", Network = run.Network, Dataset = run.Dataset,
            SmallBatch = Text(run.SmallBatch), LargeBatch = run.Method.LargeBatch ? [Text(run.Batch)] : [], GhostBatch = [Text(run.GhostBatch ?? run.SmallBatch)],
            Methods = [method], Seeds = [.. Enumerable.Range(0, Math.Clamp(seeds, 1, 100)).Select(seed => Text(seed))],
            Epochs = Text(run.Epochs), TrainExamples = Text(run.TrainExamples),
            LearningRate = [Text(run.Parameters.LearningRate)], WeightDecay = [Text(run.Parameters.WeightDecay)],
            Momentum = Text(run.Parameters.Momentum), Clip = Text(run.Parameters.Clip),
            NoiseVariance = run.Parameters.NoiseVariance is { } noise ? Text(noise) : "",
            Scaling = run.Parameters.Scaling.Word(), Options = OptionsDraft.Of(run.Parameters.Settings, run.Options),
            Device = run.Device.ToString().ToLowerInvariant(),
        };
    }

    /// <summary>What was kept with <see cref="Serialize"/>; <see langword="null"/> when it cannot be read any more.</summary>
    public static SweepDraft? Deserialize(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<SweepDraft>(text);
        }
        catch (JsonException)
        {
            // Kept by another version of the product: the form starts anew.
            return null;
        }
    }

    public string Serialize() => JsonSerializer.Serialize(this);

    /// <summary>The specification as JSON; what is no number stays a text, so that its reader can say what is wrong with it.</summary>
    /// <param name="indented">On lines, for people.</param>
    public string ToJson(bool indented = false)
    {
        var parameters = new JsonObject { ["scaling"] = Scaling };
        Add(parameters, "learningRate", LearningRate);
        Add(parameters, "weightDecay", WeightDecay);
        Add(parameters, "momentum", Momentum);
        Add(parameters, "clip", Clip);
        if (UsesNoise)
            Add(parameters, "noiseVariance", NoiseVariance);
        var sweep = new JsonObject { ["network"] = Network, ["dataset"] = Dataset, ["device"] = Device, ["priority"] = Priority, ["rerun"] = Rerun, ["parameters"] = parameters };
        Options.AddTo(sweep, parameters, Scaling);
        if (!string.IsNullOrWhiteSpace(Name))
            sweep["name"] = Name.Trim();
        Add(sweep, "smallBatch", SmallBatch);
        Add(sweep, "largeBatch", LargeBatch);
        Add(sweep, "ghostBatch", GhostBatch);
        // An empty list is said, not left out: leaving it out would mean all methods.
        sweep["methods"] = new JsonArray([.. Methods.Select(method => (JsonNode)method)]);
        Add(sweep, "seeds", Seeds);
        Add(sweep, "epochs", Epochs);
        Add(sweep, "trainExamples", TrainExamples);
        Add(sweep, "maxParallel", MaxParallel);
        sweep["timing"] = Timing;
        if (Labels.Count > 0)
            sweep["labels"] = new JsonArray([.. Labels.Select(label => (JsonNode)label)]);
        Add(sweep, "deviceMemoryGb", DeviceMemoryGb);
        return sweep.ToJsonString(indented ? s_indented : null);
    }

    public bool UsesNoise => Methods.Any(method => method.Contains("noise", StringComparison.Ordinal));

    public bool UsesGhosts => Methods.Any(method => method.Contains("gbn", StringComparison.Ordinal));

    /// <summary>Takes another network; settings that were its predecessor's defaults become its own.</summary>
    public void ChangeNetwork(string name)
    {
        var before = Catalogue.FindNetwork(Network);
        var network = Catalogue.GetNetwork(name);
        Network = name;
        if (!network.Datasets.Contains(Dataset))
        {
            Dataset = network.Datasets[0];
            TrainExamples = Text(Catalogue.GetDataset(Dataset).TrainExamples);
        }
        if (before is null || SmallBatch == Text(before.SmallBatch)) SmallBatch = Text(network.SmallBatch);
        if (before is null || Epochs == Text(before.Regime.Epochs)) Epochs = Text(network.Regime.Epochs);
        if (before is null || Momentum == Text(before.Regime.Momentum)) Momentum = Text(network.Regime.Momentum);
        if (before is null || LearningRate is [var rate] && rate == Text(before.Regime.Phases[0].LearningRate)) LearningRate = [Text(network.Regime.Phases[0].LearningRate)];
        if (before is null || WeightDecay is [var decay] && decay == Text(before.Regime.WeightDecay)) WeightDecay = [Text(network.Regime.WeightDecay)];
    }

    internal static void Add(JsonObject target, string field, string text)
    {
        if (!string.IsNullOrWhiteSpace(text))
            target[field] = Value(text);
    }

    private static void Add(JsonObject target, string field, IList<string> texts)
    {
        if (texts.Count > 0)
            target[field] = new JsonArray([.. texts.Select(Value)]);
    }

    private static JsonNode Value(string text)
    {
        var plain = text.Replace(",", "", StringComparison.Ordinal).Trim();
        if (long.TryParse(plain, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole))
            return whole;
        return double.TryParse(plain, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : text.Trim();
    }

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static List<string> Texts(IEnumerable<int> values) => [.. values.Select(value => Text(value))];

    private static List<string> Texts(IEnumerable<double> values) => [.. values.Select(Text)];
}
