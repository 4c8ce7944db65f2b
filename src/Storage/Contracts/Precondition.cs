using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Tracker.Domain;

namespace Tracker.Storage;

/// <summary>
/// Tells versions of what people edit apart: equal tags mean that name, notes, tags, priority, role or rules are equal. What changes by itself, such as
/// progress, is not part of it, or nobody could edit a run that trains.
/// </summary>
public static class EditTag
{
    private const int Bytes = 12;

    /// <summary>The version of a sweep.</summary>
    public static string OfSweep(string name, string notes, Priority priority) => Of(name, notes, priority.ToString());

    /// <summary>The version of a run.</summary>
    public static string OfRun(string notes, IReadOnlyList<string> tags, Priority priority)
    {
        ArgumentNullException.ThrowIfNull(tags);
        return Of([notes, priority.ToString(), .. tags]);
    }

    /// <summary>The version of a user.</summary>
    public static string OfUser(string name, string role, bool disabled) => Of(name, role, disabled ? "disabled" : "");

    /// <summary>The version of a webhook; its secret, which nobody can read, is no part of it.</summary>
    public static string OfWebhook(WebhookSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var (name, url, events, sweep, network, dataset, active) = settings;
        return Of([name, url, sweep?.ToString(CultureInfo.InvariantCulture) ?? "", network ?? "", dataset ?? "", active ? "active" : "", .. events]);
    }

    /// <summary>The version of the rules of retention, of which each is a number of days or none.</summary>
    public static string OfRules(params IReadOnlyList<int?> days)
    {
        ArgumentNullException.ThrowIfNull(days);
        return Of([.. days.Select(d => d?.ToString(CultureInfo.InvariantCulture) ?? "")]);
    }

    private static string Of(params string[] parts) => Base64Url.EncodeToString(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(parts)).AsSpan(0, Bytes));
}

/// <summary>What is to be changed is no longer as whoever changes it saw it. Nothing was changed.</summary>
public sealed class PreconditionException() : Exception("It was changed since you read it. Read it again, and change what is there now.");

/// <summary>
/// As what the present call takes that which it changes: whoever changes it compares under the row's lock, in the transaction of the change.
/// </summary>
/// <param name="Tags">Versions that will do, by <see cref="EditTag"/>.</param>
public sealed record Precondition(IReadOnlyCollection<string> Tags)
{
    private static readonly AsyncLocal<Precondition?> s_current = new();

    /// <summary>The condition of the present call; what is set is seen by what is called, not by the caller.</summary>
    public static Precondition? Current
    {
        get => s_current.Value;
        set => s_current.Value = value;
    }

    /// <summary>Compares the present version, of a row that is locked.</summary>
    /// <exception cref="PreconditionException">It is none that will do.</exception>
    public static void Check(string present)
    {
        if (Current is { } condition && !condition.Tags.Contains(present)) throw new PreconditionException();
    }
}
