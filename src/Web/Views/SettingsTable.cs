using Tracker.Storage;

namespace Tracker.Web.Views;

/// <summary>The settings of several runs side by side.</summary>
public static class SettingsTable
{
    /// <summary>One setting: its value of each run, in the order of the runs.</summary>
    public sealed record Row(string Field, IReadOnlyList<string> Values)
    {
        public bool Differs => Values.Distinct(StringComparer.Ordinal).Skip(1).Any();
    }

    /// <summary>All settings, or those in which the runs differ.</summary>
    public static IReadOnlyList<Row> Of(IReadOnlyList<RunView> runs, bool all)
    {
        var columns = runs.Select(run => Configuration.Fields(run).ToArray()).ToArray();
        if (columns.Length == 0)
            return [];
        var rows = columns[0].Select((field, i) => new Row(field.Field, [.. columns.Select(column => column[i].Value)]));
        return [.. rows.Where(row => all || row.Differs)];
    }
}
