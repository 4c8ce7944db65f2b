using Tracker.Domain;

namespace Tracker.Training.Tests;

/// <summary>Small runs on real images.</summary>
internal static class Specs
{
    public static RunSpec Run(
        string method = "sb", int batch = 128, int examples = 1000, int epochs = 2, string network = "f1", int seed = 0, int ghost = 32,
        double? rate = null, int smallBatch = 128) =>
        SpecReader.ReadRun($$"""
            { "network": "{{network}}", "dataset": "{{(network == "f1" ? "fashion-mnist" : "fashion-mnist-32")}}", "method": "{{method}}",
              "batch": {{batch}}, "smallBatch": {{(method.StartsWith("sb", StringComparison.Ordinal) ? batch : smallBatch)}}, "seed": {{seed}}, "epochs": {{epochs}},
              {{(method.Contains("+gbn", StringComparison.Ordinal) ? $"\"ghostBatch\": {ghost}," : "")}}
              {{(rate is { } r ? $"\"parameters\": {{ \"learningRate\": {r} }}," : "")}}
              "trainExamples": {{examples}} }
            """);
}
