using System.Text.Json;
using Tracker.Storage;

namespace Tracker.Web.Views;

/// <summary>A value that a change replaced; <see langword="null"/> where there was or is none.</summary>
public sealed record AuditedField(string Name, string? Before, string? After);

/// <summary>Entries of the audit log in words.</summary>
public static class AuditLooks
{
    private const int MostShown = 200;

    /// <summary>Every action that is recorded, with its words; the part before the full stop stands for all of a kind.</summary>
    public static IReadOnlyDictionary<string, string> Actions { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["sign-in.ok"] = "signed in", ["sign-in.failed"] = "failed to sign in", ["sign-in.locked-out"] = "was locked out", ["sign-in.disabled"] = "tried to sign in, disabled",
        ["sign-in.link"] = "connected with a provider", ["sign-in.unlink"] = "disconnected from the provider",
        ["sign-out"] = "signed out", ["sign-out.everywhere"] = "signed out everywhere else",
        ["password.change"] = "changed the password", ["password.refused"] = "gave a wrong present password", ["password.reset"] = "reset the password of",
        ["user.add"] = "added", ["user.role"] = "changed the role of", ["user.disable"] = "disabled", ["user.enable"] = "enabled", ["user.delete"] = "deleted",
        ["token.create"] = "made", ["token.revoke"] = "revoked",
        ["sweep.submit"] = "submitted", ["sweep.change"] = "changed", ["sweep.pause"] = "paused", ["sweep.resume"] = "resumed", ["sweep.stop"] = "stopped", ["sweep.cancel"] = "cancelled",
        ["sweep.retry"] = "retried", ["sweep.retry-from-scratch"] = "retried from scratch", ["sweep.delete"] = "deleted", ["sweep.restore"] = "restored", ["sweep.purge"] = "purged",
        ["run.change"] = "changed", ["run.pause"] = "paused", ["run.resume"] = "resumed", ["run.stop"] = "stopped", ["run.cancel"] = "cancelled",
        ["run.retry"] = "retried", ["run.retry-from-scratch"] = "retried from scratch", ["run.delete"] = "deleted", ["run.restore"] = "restored", ["run.purge"] = "purged",
        ["run.create"] = "began",
        ["experiment.create"] = "made", ["experiment.rename"] = "renamed", ["experiment.restore"] = "restored",
        ["host.drain"] = "drained", ["host.resume"] = "resumed", ["host.remove"] = "removed",
        ["view.share"] = "shared", ["view.unshare"] = "no longer shares", ["view.delete"] = "deleted",
        ["webhook.create"] = "made", ["webhook.change"] = "changed", ["webhook.delete"] = "deleted", ["webhook.test"] = "tested", ["webhook.retry"] = "sent anew by",
        ["webhook.pause"] = "paused",
        ["retention.change"] = "changed the rules of retention", ["retention.apply"] = "removed what the rules say",
    };

    /// <summary>What the filter offers: kinds first, then each action.</summary>
    public static IReadOnlyList<(string Value, string Text)> Choices { get; } =
    [
        .. Actions.Keys.Where(a => a.Contains('.', StringComparison.Ordinal)).Select(a => a.Split('.')[0]).Distinct().Select(kind => (kind, $"{kind}: all")),
        .. Actions.Keys.Select(action => (action, action.Replace(".", ": ", StringComparison.Ordinal).Replace('-', ' '))),
    ];

    public static string Verb(this AuditRecord entry) => Actions.TryGetValue(entry.Action, out var verb) ? verb : entry.Action;

    /// <summary>What it was done to: its kind and name or number, or how many at once; nothing where somebody did something with themselves.</summary>
    public static string Target(this AuditRecord entry) => entry switch
    {
        { ObjectKind: "user", ObjectId: null } or { ObjectKind: "retention" } => "",
        { ObjectKind: "user", ObjectId: { } id } when id == entry.Who.UserId && entry.Action is not "user.role" => "",
        { ObjectName: { } name } => $"{entry.ObjectKind} {name}",
        { ObjectId: { } id } => $"{entry.ObjectKind} {id}",
        { ObjectKind: "run" } => Formatting.Numbers.Of(RunsOf(entry), "run"),
        _ => entry.ObjectKind,
    };

    /// <summary>Where it can be looked at, if it still exists.</summary>
    public static string? Address(this AuditRecord entry) => entry switch
    {
        { Action: "sweep.delete" or "sweep.purge" or "run.purge" } or { ObjectId: null } => null,
        { ObjectKind: "sweep" or "experiment", ObjectId: { } id } => Addresses.Sweep(id),
        { ObjectKind: "run", ObjectId: { } id } => Addresses.Run(id),
        _ => null,
    };

    /// <summary>What a change replaced, field by field; what stayed is left out.</summary>
    public static IReadOnlyList<AuditedField> Fields(this AuditRecord entry)
    {
        var (before, after) = (Read(entry.Before), Read(entry.After));
        return [.. before.Keys.Union(after.Keys).Select(name => new AuditedField(name, before.GetValueOrDefault(name), after.GetValueOrDefault(name))).Where(f => f.Before != f.After)];
    }

    private static int RunsOf(AuditRecord entry) =>
        (entry.After ?? entry.Before) is { } json && JsonElement.Parse(json) is { ValueKind: JsonValueKind.Object } value && value.TryGetProperty("runs", out var runs)
            ? runs.ValueKind switch { JsonValueKind.Array => runs.GetArrayLength(), JsonValueKind.Number => runs.GetInt32(), _ => 0 }
            : 0;

    private static Dictionary<string, string> Read(string? json) => json is null || JsonElement.Parse(json) is not { ValueKind: JsonValueKind.Object } value
        ? []
        : value.EnumerateObject().ToDictionary(p => p.Name, p => Shorten(p.Value.ValueKind == JsonValueKind.String ? p.Value.GetString()! : p.Value.GetRawText()), StringComparer.Ordinal);

    private static string Shorten(string text) => text.Length <= MostShown ? text : text[..MostShown] + "…";
}
