using Tracker.Domain;
using Tracker.Storage;

namespace Tracker.Web.Views;

/// <summary>Curves of a run that belong together, under a heading that can be folded.</summary>
/// <param name="Key">In addresses.</param>
/// <param name="Title">The heading.</param>
/// <param name="Note">What the curves are.</param>
/// <param name="Metrics">Those that the run has.</param>
public sealed record CurveSection(string Key, string Title, string Note, IReadOnlyList<string> Metrics);

/// <summary>Puts the metrics of a run that its first charts do not show into sections. What is folded is not loaded.</summary>
public static class CurveSections
{
    public const string Layers = "layers";
    public const string System = "system";

    /// <summary>So many curves are drawn without being asked for.</summary>
    private const int MostReported = 24;

    private static readonly IReadOnlyList<string> s_usual = ["evaluation", "optimisation", System];

    private static readonly IReadOnlyList<string> s_shown = [.. RunModel.Charted, MetricNames.WeightDistance];

    /// <summary>The sections that have metrics.</summary>
    public static IReadOnlyList<CurveSection> Of(IEnumerable<string> metrics)
    {
        var sections = metrics.Except(s_shown).ToLookup(SectionOf);
        CurveSection Section(string key, string title, string note) =>
            new(key, title, note, [.. MetricTitles.Sorted(sections[key])]);
        return
        [
            .. new[]
            {
                Section("evaluation", "Evaluation", "what else was measured on held-out images"),
                Section("optimisation", "Optimisation", "gradients, weights and speed"),
                Section(Layers, "Layers", "distance of each layer's weights from initialisation"),
                Section(System, "System", "what the training process took of its machine"),
                Section("other", "Other metrics", "recorded by the run"),
            }.Where(section => section.Metrics.Count > 0),
        ];
    }

    /// <summary>The sections of a run; of one from outside all that it has, in the order of their names.</summary>
    public static IReadOnlyList<CurveSection> Of(RunView run, IReadOnlyList<string> metrics)
    {
        if (run.External is null)
            return Of(metrics);
        string[] system = [.. metrics.Where(metric => metric.StartsWith("system/", StringComparison.Ordinal))];
        string[] reported = [.. metrics.Except(system)];
        return
        [
            .. new CurveSection[]
            {
                new("evaluation", "Metrics", "reported by its program", [.. reported.Take(MostReported)]),
                new("more", "More metrics", "reported by its program", [.. reported.Skip(MostReported)]),
                new(System, "System", "of its machine, reported by its program", system),
            }.Where(section => section.Metrics.Count > 0),
        ];
    }

    /// <summary>The open sections of an address; the usual ones where it says nothing.</summary>
    public static IReadOnlySet<string> Open(string? text) => (text is null ? s_usual : text.Split(',')).ToHashSet(StringComparer.Ordinal);

    /// <summary>The address after a section was opened or folded.</summary>
    public static string? Toggle(string? text, string section)
    {
        var open = Open(text).ToHashSet(StringComparer.Ordinal);
        if (!open.Remove(section))
            open.Add(section);
        return open.SetEquals(s_usual) ? null : string.Join(',', open.Where(name => name.Length > 0).Order(StringComparer.Ordinal)) is { Length: > 0 } names ? names : "none";
    }

    private static string SectionOf(string metric) => metric switch
    {
        _ when metric.StartsWith(MetricNames.LayerDistancePrefix, StringComparison.Ordinal) => Layers,
        _ when MetricNames.IsOfSystem(metric) => System,
        _ when MetricNames.IsOfEvaluation(metric) => "evaluation",
        MetricNames.Clipped or MetricNames.NoiseScale or MetricNames.WeightNorm or MetricNames.SamplesPerSecond => "optimisation",
        _ => "other",
    };
}
