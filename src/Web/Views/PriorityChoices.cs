using Tracker.Domain;

namespace Tracker.Web.Views;

/// <summary>Classes of urgency as pages offer them.</summary>
public static class PriorityChoices
{
    /// <summary>Those that can be chosen instead of the present one, if there is one; most urgent first.</summary>
    public static IEnumerable<Priority> Except(Priority? present) => Enum.GetValues<Priority>().OrderDescending().Where(priority => priority != present);
}
