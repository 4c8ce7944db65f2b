using System.Globalization;
using Tracker.Domain;

namespace Tracker.Benchmarks.Seed;

/// <summary>What becomes of a sweep of the seed.</summary>
internal enum SeedFate
{
    /// <summary>Its runs are over, most of them well.</summary>
    Over,

    /// <summary>All of its runs train.</summary>
    Running,

    /// <summary>All of its runs wait.</summary>
    Queued,

    /// <summary>Its runs are over and have very many points of one metric.</summary>
    Long,
}

/// <summary>A sweep of the seed.</summary>
internal sealed record SeedSweep(SweepSpec Spec, SeedFate Fate);

/// <summary>The sweeps that together have about as many runs as wanted: grids over networks, techniques, batches, rates and seeds, like those people train.</summary>
internal static class SeedSweeps
{
    private const int RunningRuns = 30;
    private const int MostSweeps = 150;

    private static readonly (string Network, string Dataset)[] s_cases =
    [
        ("f1", "fashion-mnist"), ("resnet44", "fashion-mnist-32"), ("c1", "cifar10"), ("f1", "mnist"), ("resnet44", "cifar10"), ("c3", "cifar100"),
        ("vgg16", "cifar10"), ("c1", "fashion-mnist-32"), ("wresnet16-4", "cifar100"), ("vgg16", "fashion-mnist-32"),
    ];

    private static readonly string[] s_methods = ["lb", "lb+lr", "lb+lr+gbn", "lb+lr+gbn+ra"];

    /// <summary>The sweeps, oldest first.</summary>
    /// <param name="runs">How many runs they have, within a sweep.</param>
    /// <param name="longRuns">How many of them have very many points.</param>
    /// <param name="longSteps">How many.</param>
    public static IEnumerable<SeedSweep> Of(int runs, int longRuns, int longSteps)
    {
        var rest = runs - longRuns - RunningRuns;
        var sweeps = Math.Clamp(rest / 30, 4, MostSweeps);
        for (var i = 0; i < sweeps && rest > 0; i++)
        {
            var wanted = Math.Max(1, rest / (sweeps - i));
            var grid = Grid(i, wanted);
            rest -= SweepExpander.Expand(grid).Runs.Count;
            yield return new(grid, i >= sweeps - Math.Max(1, sweeps / 50) ? SeedFate.Queued : SeedFate.Over);
            if (i == sweeps / 2) yield return new(LongRuns(longRuns, longSteps), SeedFate.Long);
        }
        yield return new(Read("f1", "fashion-mnist", "Every technique at 4,096", """
            "largeBatch": [4096], "ghostBatch": [128], "methods": ["sb", "lb", "lb+lr", "lb+lr+gbn", "lb+lr+gbn+ra"], "seeds": [0, 1, 2, 3, 4, 5]
            """), SeedFate.Running);
    }

    /// <summary>The small batch and four methods at each large one, as many seeds as it takes.</summary>
    private static SweepSpec Grid(int index, int runs)
    {
        var (network, dataset) = s_cases[index % s_cases.Length];
        var small = Catalogue.GetNetwork(network).SmallBatch;
        int[] batches = runs < 20 ? [4096] : runs < 45 ? [1024, 4096] : [512, 1024, 2048, 4096];
        var seeds = Math.Max(1, (int)Math.Round(runs / (1.0 + (s_methods.Length * batches.Length))));
        var rate = Catalogue.GetNetwork(network).Regime.Phases[0].LearningRate * Math.Pow(2, (index / s_cases.Length % 5) - 2);
        var title = string.Create(CultureInfo.InvariantCulture, $"{Catalogue.GetNetwork(network).Title} on {Catalogue.GetDataset(dataset).Title}, rate {rate:0.####}");
        return Read(network, dataset, title, string.Create(CultureInfo.InvariantCulture, $$"""
            "smallBatch": {{small}}, "largeBatch": [{{string.Join(", ", batches)}}], "ghostBatch": [128],
            "methods": ["sb", {{string.Join(", ", s_methods.Select(m => $"\"{m}\""))}}], "seeds": [{{string.Join(", ", Enumerable.Range(10 * (index / s_cases.Length), seeds))}}],
            "parameters": { "learningRate": [{{rate:R}}] }, "rerun": true
            """));
    }

    /// <summary>Runs of one specification but for seed and rate, each longer than its points.</summary>
    private static SweepSpec LongRuns(int runs, int steps)
    {
        const int Rates = 4;
        var epochs = (steps / 469) + 1;
        return Read("f1", "fashion-mnist", "Every step of long runs", string.Create(CultureInfo.InvariantCulture, $$"""
            "smallBatch": 128, "methods": ["sb"], "seeds": [{{string.Join(", ", Enumerable.Range(0, runs / Rates))}}], "epochs": {{epochs}},
            "parameters": { "learningRate": [0.02, 0.05, 0.1, 0.2] }
            """));
    }

    private static SweepSpec Read(string network, string dataset, string name, string fields) => SpecReader.ReadSweep(
        $$"""{ "name": "{{name}}", "network": "{{network}}", "dataset": "{{dataset}}", {{(fields.Contains("smallBatch", StringComparison.Ordinal) ? "" : $"\"smallBatch\": {Catalogue.GetNetwork(network).SmallBatch}, ")}}{{fields}} }""");
}
