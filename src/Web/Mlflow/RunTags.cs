using System.Security.Cryptography;
using Tracker.Storage;

namespace Tracker.Web.Mlflow;

/// <summary>The tags of a run that mean something to MLflow.</summary>
internal static class RunTags
{
    public const string Name = "mlflow.runName";
    public const string ModelHistory = "mlflow.log-model.history";
    private const string Notes = "mlflow.note.content";
    private const string SourceType = "mlflow.source.type";
    private const string SourceName = "mlflow.source.name";
    private static readonly string[] s_manners = ["bold", "calm", "clever", "eager", "gentle", "keen", "lucid", "merry", "nimble", "quiet", "rapid", "steady", "sturdy", "swift", "vivid", "wise"];
    private static readonly string[] s_animals = ["badger", "crane", "dolphin", "falcon", "finch", "fox", "gecko", "heron", "ibex", "lynx", "marten", "otter", "owl", "raven", "stork", "wren"];

    /// <summary>All tags of a run, its name, notes and user among them.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Of(LoggedRun run)
    {
        var tags = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in run.Tags)
        {
            if (!key.StartsWith(LoggedTags.DatasetPrefix, StringComparison.Ordinal)) tags[key] = value;
        }
        tags[Name] = run.Name;
        if (run.Notes.Length > 0) tags[Notes] = run.Notes;
        if (run.Owner is not null) tags.TryAdd(LoggedTags.User, run.Owner);
        if (!run.External)
        {
            tags.TryAdd(SourceType, "JOB");
            tags.TryAdd(SourceName, "tracker");
        }
        return tags;
    }

    /// <summary>A name for a run whose program gives none.</summary>
    public static string RandomName() =>
        $"{RandomNumberGenerator.GetItems<string>(s_manners, 1)[0]}-{RandomNumberGenerator.GetItems<string>(s_animals, 1)[0]}-{RandomNumberGenerator.GetInt32(1000)}";
}
