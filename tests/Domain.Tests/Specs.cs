using FsCheck;
using FsCheck.Fluent;

namespace Tracker.Domain.Tests;

internal static class Specs
{
    /// <summary>A full-length run with the network's defaults: SB 128, LB 4096, ghost 128.</summary>
    internal static RunSpec Run(string method, string network = "f1", string dataset = "fashion-mnist") =>
        SpecReader.ReadRun($$"""{"network":"{{network}}","dataset":"{{dataset}}","method":"{{method}}","smallBatch":128{{(method.StartsWith("lb", StringComparison.Ordinal) ? ",\"batch\":4096" : "")}}}""");

    internal static SweepSpec Sweep(string extra = "") =>
        SpecReader.ReadSweep($$"""{"network":"f1","dataset":"fashion-mnist","smallBatch":128,"largeBatch":[1024,4096]{{extra}}}""");

    internal static IReadOnlyList<SpecError> SweepErrors(string json) => Should.Throw<SpecificationException>(() => SpecReader.ReadSweep(json)).Errors;

    internal static IReadOnlyList<SpecError> RunErrors(string json) => Should.Throw<SpecificationException>(() => SpecReader.ReadRun(json)).Errors;

    internal static Gen<Method> Methods { get; } =
        from large in Gen.Elements(true, false)
        from rate in Gen.Elements(true, false)
        from ghost in Gen.Elements(true, false)
        from adaptation in Gen.Elements(true, false)
        from noise in Gen.Elements(true, false)
        select new Method(large, rate, ghost, adaptation, noise);

    /// <summary>Sweeps of up to some hundred runs, with ghost batches that may be larger than a batch.</summary>
    internal static Gen<SweepSpec> Sweeps { get; } =
        from large in Some(Gen.Choose(2, 5000))
        from ghost in Some(Gen.Choose(2, 300))
        from methods in Some(Methods)
        from seeds in Some(Gen.Choose(0, 1000))
        from rates in Some(Gen.Choose(1, 1000).Select(r => r / 1000.0))
        from small in Gen.Choose(2, 512)
        from epochs in Gen.Choose(1, 200)
        from examples in Gen.Choose(2, 60_000)
        from rerun in Gen.Elements(true, false)
        from max in Gen.Elements<int?>(null, 1, 4)
        select new SweepSpec(
            "property", "f1", "fashion-mnist", small, large, ghost, methods, seeds, epochs, examples, rates, [0.0001], 0.9, 5,
            LearningRateScaling.SquareRoot, null, DeviceClass.Any, Priority.Normal, max, rerun);

    private static Gen<IReadOnlyList<T>> Some<T>(Gen<T> item) =>
        Gen.Choose(1, 3).SelectMany(n => item.ListOf(n)).Select(items => (IReadOnlyList<T>)[.. items.Distinct()]);
}
