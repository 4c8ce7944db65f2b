using Tracker.Domain;
using Tracker.Storage;
using Tracker.Web.Formatting;

namespace Tracker.Web.Views;

/// <summary>The settings of experiments in words: what they all share is said once, what tells them apart stands beside each.</summary>
public sealed class SettingsText
{
    /// <summary>A setting: its words, and whether it is worth saying when all rows share it.</summary>
    private sealed record Part(Func<ExperimentSettings, string> Text, bool Usual = true);

    private static readonly IReadOnlyList<Part> s_parts =
    [
        new(s => s.GhostBatch is { } ghost ? $"ghost {Numbers.Count(ghost)}" : "", Usual: false),
        new(s => $"small batch {Numbers.Count(s.SmallBatch)}"),
        new(s => Numbers.Of(s.Epochs, "epoch")),
        new(s => Numbers.Of(s.TrainExamples, "image"), Usual: false),
        new(s => $"rate {Numbers.Setting(s.LearningRate)}"),
        new(s => $"decay {Numbers.Setting(s.WeightDecay)}"),
        new(s => $"momentum {Numbers.Setting(s.Momentum)}"),
        new(Clipping),
        new(Scaling),
        new(s => s.Variant),
    ];

    private readonly List<Part> _differing = [];

    public SettingsText(IReadOnlyCollection<ExperimentSettings> all)
    {
        var shared = new List<string>();
        // Of those from outside only some settings are known, so that they say nothing of the others.
        var ours = all.Where(s => s.Outside is null).ToList();
        foreach (var part in s_parts)
        {
            var texts = ours.Select(part.Text).Distinct().ToList();
            // Rows without a ghost batch do not differ in it.
            var said = part == s_parts[0] ? texts.Where(text => text.Length > 0).ToList() : texts;
            if (said.Count > 1)
                _differing.Add(part);
            else if (part.Usual && said is [{ Length: > 0 } only])
                shared.Add(only);
        }
        Shared = string.Join(", ", shared);
    }

    /// <summary>What all of them share.</summary>
    public string Shared { get; }

    /// <summary>What sets one apart from the others; empty when nothing does.</summary>
    public string Of(ExperimentSettings settings) => settings.Outside is not null ? Stated(settings) : string.Join(", ", _differing.Select(part => part.Text(settings)).Where(text => text.Length > 0));

    /// <summary>What a program outside stated.</summary>
    private static string Stated(ExperimentSettings settings) => string.Join(", ", new[]
    {
        settings.Epochs == 0 ? "" : Numbers.Of(settings.Epochs, "epoch"), Stated("rate", settings.LearningRate), Stated("decay", settings.WeightDecay), Stated("momentum", settings.Momentum),
    }.Where(part => part.Length > 0));

    private static string Stated(string name, double value) => value == 0 ? "" : $"{name} {Numbers.Setting(value)}";

    /// <summary>The optimizer's settings; threshold and scaling only where they are not the usual ones.</summary>
    public static string Parameters(ExperimentSettings settings) => string.Join(", ", new[]
    {
        $"rate {Numbers.Setting(settings.LearningRate)}", $"decay {Numbers.Setting(settings.WeightDecay)}", $"momentum {Numbers.Setting(settings.Momentum)}",
        Clipping(settings), Scaling(settings),
    }.Where(part => part.Length > 0));

    private static string Clipping(ExperimentSettings settings) =>
        settings.Clip == 0 ? "no clipping" : Math.Abs(settings.Clip - HyperParameters.DefaultClip) < 1e-12 ? "" : $"clip {Numbers.Setting(settings.Clip)}";

    private static string Scaling(ExperimentSettings settings) => settings.Scaling switch
    {
        LearningRateScaling.SquareRoot => "",
        LearningRateScaling.None => "rate not scaled",
        var scaling => $"{scaling.Word()} scaling",
    };
}
