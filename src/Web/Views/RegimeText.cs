using System.Globalization;
using Tracker.Domain;

namespace Tracker.Web.Views;

/// <summary>A regime in a few words.</summary>
public static class RegimeText
{
    /// <summary>"50 epochs, ÷ 10 at 10, 20 and 30"; changes of different size are told one by one.</summary>
    public static string Of(Regime regime)
    {
        var text = $"{Formatting.Numbers.Of((long)regime.Epochs, "epoch")}, rate {Formatting.Numbers.Setting(regime.Phases[0].LearningRate)}";
        var changes = regime.Phases.Zip(regime.Phases.Skip(1), (before, after) => (Factor: Factor(before, after), At: after.StartEpoch.ToString("0.##", CultureInfo.InvariantCulture))).ToArray();
        foreach (var group in changes.GroupBy(change => change.Factor))
            text += $", {group.Key} at {string.Join(", ", group.Select(change => change.At))}";
        return text;
    }

    private static string Factor(RegimePhase before, RegimePhase after)
    {
        var ratio = before.LearningRate / after.LearningRate;
        return ratio >= 1 ? $"÷ {ratio.ToString("0.#", CultureInfo.InvariantCulture)}" : $"× {(1 / ratio).ToString("0.#", CultureInfo.InvariantCulture)}";
    }
}
