namespace Tracker.Storage.External;

/// <summary>Names that programs have for the accuracy of a run.</summary>
internal static class AccuracyNames
{
    /// <summary>Those that say most of a run come first: on images kept apart, then on those of the test, then on whichever.</summary>
    public static readonly string[] InOrder =
        ["validation/accuracy", "val/accuracy", "valaccuracy", "validationaccuracy", "valacc", "test/accuracy", "testaccuracy", "accuracy"];

    /// <summary>Whether a metric is one.</summary>
    public static bool IsOne(string name) => InOrder.Contains(ParameterNames.Plain(name));
}
