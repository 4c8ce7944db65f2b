namespace Tracker.Domain;

/// <summary>
/// The experiments that the paper's reviewers asked for, as sweeps. Where a setting belongs to a whole sweep, one question takes
/// several. CIFAR's questions are also asked on Fashion-MNIST, which needs no download.
/// </summary>
internal static class ReviewerPresets
{
    private const string Group = "Reviewers";

    /// <summary>A network on a data set, with the accuracies that are worth timing there.</summary>
    private sealed record Case(string Suffix, string Network, string Dataset, string Targets)
    {
        public string Title => $"{Catalogue.GetNetwork(Network).Title} on {Catalogue.GetDataset(Dataset).Title}";

        public string Fields => $"\"network\": \"{Network}\", \"dataset\": \"{Dataset}\"";
    }

    private static readonly Case s_f1 = new("f1", "f1", "fashion-mnist", "0.85, 0.87, 0.89");
    private static readonly Case s_resnet = new("resnet44", "resnet44", "fashion-mnist-32", "0.9, 0.92, 0.93");
    private static readonly Case s_cifar = new("resnet44-cifar10", "resnet44", "cifar10", "0.8, 0.85, 0.9");
    private static readonly Case s_c1 = new("c1", "c1", "fashion-mnist-32", "0.85, 0.87, 0.89");
    private static readonly Case s_c1Cifar = new("c1-cifar10", "c1", "cifar10", "0.7, 0.75, 0.8");

    /// <summary>All of them, question by question.</summary>
    public static IReadOnlyList<SweepPreset> All { get; } =
    [
        .. new[] { s_f1, s_resnet, s_cifar }.Select(Factorial),
        .. new[] { s_f1, s_resnet, s_cifar }.Select(Noise),
        .. new[] { s_resnet, s_cifar }.Select(NoAdaptation),
        .. new[] { s_f1, s_resnet, s_cifar }.Select(Time),
        NoNormalization(s_f1, "0.01, 0.03, 0.1"), NoNormalization(s_c1, "0.001, 0.003, 0.01"), NoNormalization(s_c1Cifar, "0.001, 0.003, 0.01"),
        Linear(s_f1),
        Convergence("sgd", "SGD", ""),
        Convergence("emso", "EMSO", ", \"optimizer\": \"emso\", \"proximal\": 0.001, \"innerSteps\": 3"),
        .. new[] { s_f1, s_resnet, s_cifar }.Select(Growth),
        ImageNet(),
    ];

    private static SweepPreset Factorial(Case of) => Preset(of, "factorial", "Factorial", "every combination of rate, ghost batches and adaptation",
        "Ghost Batch Normalization alone, regime adaptation alone, and every other combination with the rate",
        """
        "largeBatch": [4096], "ghostBatch": [128], "seeds": [0, 1, 2],
        "methods": ["sb", "lb", "lb+lr", "lb+gbn", "lb+ra", "lb+lr+gbn", "lb+lr+ra", "lb+gbn+ra", "lb+lr+gbn+ra"]
        """);

    private static SweepPreset Noise(Case of) => Preset(of, "noise", "Noise", "multiplicative noise beside the rate",
        "Multiplicative gradient noise against a scaled rate, with and without ghost batches (section 4, figure 6)",
        """
        "largeBatch": [2048], "ghostBatch": [128], "seeds": [0, 1, 2],
        "methods": ["sb", "lb", "lb+lr", "lb+noise", "lb+lr+gbn", "lb+gbn+noise"]
        """);

    private static SweepPreset NoAdaptation(Case of) => Preset(of, "no-adaptation", "No adaptation", "large batches with and without regime adaptation",
        "Figure 3 with the large batches that do not adapt their regime beside those that do",
        """
        "largeBatch": [2048, 4096], "ghostBatch": [128], "seeds": [0], "methods": ["sb", "lb", "lb+lr+gbn", "lb+lr+gbn+ra"]
        """);

    private static SweepPreset Time(Case of) => Preset(of, "time", "Time to target", "what a large batch buys",
        "Steps and seconds to given accuracies against the batch size, and every curve against wall-clock time",
        $$"""
        "largeBatch": [256, 512, 1024, 2048, 4096, 8192], "ghostBatch": [128], "seeds": [0],
        "methods": ["sb", "lb+lr+gbn", "lb+lr+gbn+ra"], "diagnostics": { "targets": [{{of.Targets}}] }
        """);

    private static SweepPreset NoNormalization(Case of, string rates) => Preset(of, "no-bn", "No BN", "without batch normalization",
        "Whether rate and number of updates alone close the gap where there is no batch normalization",
        $$"""
        "normalization": "none", "largeBatch": [4096], "seeds": [0, 1, 2], "methods": ["sb", "lb", "lb+lr", "lb+ra", "lb+lr+ra"],
        "parameters": { "learningRate": [{{rates}}] }
        """);

    private static SweepPreset Linear(Case of) => Preset(of, "no-bn-linear", "No BN, linear", "without batch normalization, linear scaling",
        "The same with the rate in proportion to the batch, reached by a warm-up of five of the large batch's epochs (Goyal et al.)",
        """
        "normalization": "none", "largeBatch": [4096], "seeds": [0, 1, 2], "methods": ["sb", "lb+lr", "lb+lr+ra"],
        "parameters": { "learningRate": [0.01], "scaling": "linear", "warmUp": 75 }
        """);

    /// <summary>Without momentum, as the theory of EMSO has none.</summary>
    private static SweepPreset Convergence(string suffix, string title, string optimizer) => Preset(
        s_f1 with { Suffix = suffix }, "convergence", $"Convergence, {title}", $"updates of {title} against the batch size",
        $"Training loss of {title} against updates, and updates to given accuracies, for each batch size (Li et al. 2014)",
        $$"""
        "largeBatch": [256, 512, 1024, 2048, 4096], "seeds": [0, 1, 2], "methods": ["sb", "lb", "lb+lr"],
        "parameters": { "momentum": 0{{optimizer}} }, "diagnostics": { "targets": [{{s_f1.Targets}}] }
        """);

    /// <summary>Without weight decay, which would hold ‖w‖ back.</summary>
    private static SweepPreset Growth(Case of) => Preset(of, "growth", "Growth", "growth of the weights from a tiny start",
        "How ‖w_t‖ grows against log t from weights that start at a tenth of their usual size (equation 4 for w_0 near 0)",
        """
        "initialScale": 0.1, "largeBatch": [512, 2048], "ghostBatch": [128], "seeds": [0, 1, 2], "methods": ["sb", "lb", "lb+lr+gbn"],
        "parameters": { "weightDecay": [0] }, "diagnostics": { "diffusionFit": true, "layerDistances": true }
        """);

    private static SweepPreset ImageNet() => Preset(
        new("alexnet", "alexnet", "imagenet", ""), "imagenet", "ImageNet", "Table 2 with all techniques",
        "Table 2 with every technique at both sizes, and regime adaptation apart from ghost batches",
        """
        "largeBatch": [4096, 8192], "ghostBatch": [128], "seeds": [0],
        "methods": ["sb", "lb", "lb+lr", "lb+lr+gbn", "lb+lr+gbn+ra", "lb+ra", "lb+lr+ra"]
        """);

    private static SweepPreset Preset(Case of, string name, string title, string subject, string description, string fields) => new(
        $"reviewers-{name}-{of.Suffix}", TitleOf(of, title), Group, $"{description}: {of.Title}.",
        SpecReader.ReadSweep($$"""{ "name": "{{of.Title}}: {{subject}}", {{of.Fields}}, {{fields}} }"""));

    private static string TitleOf(Case of, string title)
    {
        if (of.Dataset == "imagenet" || title.StartsWith("Convergence", StringComparison.Ordinal)) return title;
        return $"{title}: {Catalogue.GetNetwork(of.Network).Title}{(of.Dataset == "cifar10" ? ", CIFAR-10" : "")}";
    }
}
