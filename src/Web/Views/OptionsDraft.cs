using System.Globalization;
using System.Text.Json.Nodes;
using Tracker.Domain;

namespace Tracker.Web.Views;

/// <summary>The settings of a sweep that most leave as they are, as they stand in the form.</summary>
public sealed class OptionsDraft
{
    public string Normalization { get; set; } = "batch";

    public string Precision { get; set; } = "float32";

    public string InitialScale { get; set; } = "1";

    public string ValidationExamples { get; set; } = "0";

    /// <summary>Final, best or mean: the rule without its number.</summary>
    public string Selection { get; set; } = "final";

    public string SelectionEpochs { get; set; } = "5";

    public string Optimizer { get; set; } = "sgd";

    public string WarmUp { get; set; } = "0";

    public string Trust { get; set; } = Text(new OptimizerSettings().Trust);

    public string Proximal { get; set; } = Text(new OptimizerSettings().Proximal);

    public string InnerSteps { get; set; } = Text(new OptimizerSettings().InnerSteps);

    /// <summary>The rate of +lr when scaling is fixed.</summary>
    public string ScaledRate { get; set; } = "";

    public string LastBatch { get; set; } = "keep";

    public string MomentumReset { get; set; } = "never";

    public string Decay { get; set; } = "all";

    public string GhostStatistics { get; set; } = "sequential";

    /// <summary>The diagnostics that are on, as specifications name them.</summary>
    public IList<string> Diagnostics { get; set; } = [];

    /// <summary>Target accuracies in percent, as pages write accuracies.</summary>
    public IList<string> Targets { get; set; } = [];

    /// <summary>How many settings differ from the usual ones.</summary>
    public int Changes
    {
        get
        {
            var usual = new OptionsDraft();
            return Texts().Zip(usual.Texts()).Count(pair => pair.First != pair.Second) + Diagnostics.Count + (Targets.Count > 0 ? 1 : 0);
        }
    }

    /// <summary>The form filled in with settings.</summary>
    public static OptionsDraft Of(OptimizerSettings optimizer, ExperimentOptions options) => new()
    {
        Normalization = Word(options.Normalization), Precision = Word(options.Precision), InitialScale = Text(options.InitialScale),
        ValidationExamples = Text(options.ValidationExamples),
        Selection = options.Selection.Kind == SelectionKind.MeanOfLast ? "mean" : Word(options.Selection.Kind),
        SelectionEpochs = options.Selection.Kind == SelectionKind.MeanOfLast ? Text(options.Selection.Epochs) : "5",
        Optimizer = Word(optimizer.Kind), WarmUp = Text(optimizer.WarmUp), Trust = Text(optimizer.Trust), Proximal = Text(optimizer.Proximal),
        InnerSteps = Text(optimizer.InnerSteps), ScaledRate = optimizer.ScaledRate is { } rate ? Text(rate) : "",
        LastBatch = Word(options.Protocol.LastBatch), MomentumReset = Word(options.Protocol.MomentumReset), Decay = Word(options.Protocol.Decay),
        GhostStatistics = Word(options.Protocol.GhostStatistics),
        Diagnostics = [.. DiagnosticTitles.All.Where(d => d.IsOn(options.Diagnostics)).Select(d => d.Name)],
        Targets = [.. options.Diagnostics.Targets.Select(target => Text(Math.Round(100 * target, 10)))],
    };

    /// <summary>Adds the settings to the specification; what does not apply is left out, and what is no number stays a text.</summary>
    public void AddTo(JsonObject sweep, JsonObject parameters, string scaling)
    {
        sweep["normalization"] = Normalization;
        sweep["precision"] = Precision;
        sweep["selection"] = Selection == "mean" ? $"mean-last-{SelectionEpochs.Trim()}" : Selection;
        SweepDraft.Add(sweep, "initialScale", InitialScale);
        SweepDraft.Add(sweep, "validationExamples", ValidationExamples);
        sweep["protocol"] = new JsonObject
        {
            ["lastBatch"] = LastBatch, ["momentumReset"] = MomentumReset, ["decay"] = Decay, ["ghostStatistics"] = GhostStatistics,
        };
        var diagnostics = new JsonObject([.. Diagnostics.Select(name => KeyValuePair.Create(name, (JsonNode?)true))]);
        if (Targets.Count > 0) diagnostics["targets"] = new JsonArray([.. Targets.Select(Share)]);
        if (diagnostics.Count > 0) sweep["diagnostics"] = diagnostics;

        parameters["optimizer"] = Optimizer;
        SweepDraft.Add(parameters, "warmUp", WarmUp);
        if (Optimizer == "lars") SweepDraft.Add(parameters, "trust", Trust);
        if (Optimizer == "emso")
        {
            SweepDraft.Add(parameters, "proximal", Proximal);
            SweepDraft.Add(parameters, "innerSteps", InnerSteps);
        }
        if (scaling == "fixed") SweepDraft.Add(parameters, "scaledRate", ScaledRate);
    }

    private static JsonNode Share(string percent) =>
        double.TryParse(percent, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? Math.Round(value / 100, 12) : percent;

    private IEnumerable<string> Texts() =>
    [
        Normalization, Precision, InitialScale, ValidationExamples, Selection, Optimizer, WarmUp, ScaledRate, LastBatch, MomentumReset, Decay, GhostStatistics,
    ];

    private static string Word<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
