namespace Tracker.Domain;

/// <summary>A sweep that is offered ready made.</summary>
/// <param name="Name">A stable name, such as <c>quick-start</c>.</param>
/// <param name="Title">What people read, in a word or two.</param>
/// <param name="Group">The heading under which it is offered.</param>
/// <param name="Description">What it shows, in one sentence.</param>
/// <param name="Sweep">The sweep.</param>
public sealed record SweepPreset(string Name, string Title, string Group, string Description, SweepSpec Sweep)
{
    /// <summary>
    /// The sweep of the demonstration, sized for two processor cores: 10,000 of the 60,000 images, 6 epochs, LB 2048. With so few
    /// updates the regime's rate of 0.1 is too high for any batch (SB itself gets worse), so it starts from 0.02. LB then loses about
    /// ten points to SB, and the techniques win them back one after the other.
    /// </summary>
    public static SweepPreset QuickStart { get; } = new(
        "quick-start", "Quick start", "",
        "F1 on 10,000 images of Fashion-MNIST, all five columns of Table 1 in a few minutes on two cores.",
        SpecReader.ReadSweep("""
            { "name": "Quick start: F1 on Fashion-MNIST", "network": "f1", "dataset": "fashion-mnist",
              "smallBatch": 128, "largeBatch": [2048], "ghostBatch": [128],
              "methods": ["sb", "lb", "lb+lr", "lb+lr+gbn", "lb+lr+gbn+ra"], "seeds": [0, 1], "epochs": 6,
              "parameters": { "learningRate": [0.02] }, "trainExamples": 10000 }
            """));

    /// <summary>
    /// The rows of the paper's tables on the paper's data, then the networks of Table 1 on Fashion-MNIST, which needs no download: each
    /// with the paper's batch sizes and full regime.
    /// </summary>
    public static IReadOnlyList<SweepPreset> TableRows { get; } =
    [
        .. PaperTables.Table1.Select(row => TableRow("table-1", "Table 1", row.Network, row.Dataset, [row.LargeBatch])),
        .. PaperTables.Table2.GroupBy(row => (row.Network, row.Dataset))
            .Select(rows => TableRow("table-2", "Table 2", rows.Key.Network, rows.Key.Dataset, rows.Select(r => r.LargeBatch))),
        .. PaperTables.Table1.Select(row => TableRow("fashion", "Table 1 on Fashion-MNIST", row.Network, Catalogue.GetNetwork(row.Network).Datasets[0], [row.LargeBatch])),
    ];

    /// <summary>Every preset: the quick start, then <see cref="TableRows"/>, then what the paper's reviewers asked for.</summary>
    public static IReadOnlyList<SweepPreset> All { get; } = [QuickStart, .. TableRows, .. ReviewerPresets.All];

    /// <summary>The preset of that name, or <see langword="null"/>.</summary>
    /// <param name="name">Its stable name.</param>
    public static SweepPreset? Find(string name) => All.FirstOrDefault(p => p.Name == name);

    private static SweepPreset TableRow(string prefix, string group, string networkName, string datasetName, IEnumerable<int> largeBatches)
    {
        var (network, dataset) = (Catalogue.GetNetwork(networkName), Catalogue.GetDataset(datasetName));
        return new(
            $"{prefix}-{network.Name}", network.Title, group,
            $"{network.Title} on {dataset.Title} with the paper's batch sizes, full regime and three seeds.",
            SpecReader.ReadSweep($$"""
                { "name": "{{network.Title}} on {{dataset.Title}}", "network": "{{network.Name}}", "dataset": "{{dataset.Name}}",
                  "smallBatch": {{network.SmallBatch}}, "largeBatch": [{{string.Join(", ", largeBatches)}}], "seeds": [0, 1, 2] }
                """));
    }
}
