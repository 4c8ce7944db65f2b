using System.Globalization;

namespace Tracker.Domain;

/// <summary>Which of a run's evaluations its result comes from.</summary>
public enum SelectionKind
{
    /// <summary>The one after the last step.</summary>
    Final,

    /// <summary>The one with the highest validation accuracy, the earliest of equals.</summary>
    Best,

    /// <summary>The mean of the last few.</summary>
    MeanOfLast,
}

/// <summary>
/// How one number becomes the result of a run. The paper does not say which rule its tables follow; its code keeps the best accuracy
/// on the test set.
/// </summary>
/// <param name="Kind">The rule.</param>
/// <param name="Epochs">How many evaluations <see cref="SelectionKind.MeanOfLast"/> averages; 1 for the other rules.</param>
public sealed record SelectionRule(SelectionKind Kind, int Epochs = 1)
{
    /// <summary>The most evaluations that can be averaged.</summary>
    public const int MaxEpochs = 1000;

    private const string MeanPrefix = "mean-last-";

    /// <summary>The accuracy after the last step.</summary>
    public static SelectionRule Final { get; } = new(SelectionKind.Final);

    /// <summary>The best accuracy of any evaluation.</summary>
    public static SelectionRule Best { get; } = new(SelectionKind.Best);

    /// <summary>As specifications write it: <c>final</c>, <c>best</c> or <c>mean-last-5</c>.</summary>
    public override string ToString() => Kind switch
    {
        SelectionKind.Final => "final",
        SelectionKind.Best => "best",
        _ => MeanPrefix + Epochs.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>Reads what <see cref="ToString"/> writes.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The rule, or <see langword="null"/> when the text is none.</returns>
    public static SelectionRule? Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text == "final") return Final;
        if (text == "best") return Best;
        return text.StartsWith(MeanPrefix, StringComparison.Ordinal)
            && int.TryParse(text.AsSpan(MeanPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var epochs) && epochs is >= 1 and <= MaxEpochs
            ? new(SelectionKind.MeanOfLast, epochs) : null;
    }
}
