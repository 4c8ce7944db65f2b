using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Npgsql;
using Tracker.Domain;
using Tracker.Storage.Database;
using Tracker.Storage.Model;

namespace Tracker.Storage.External;

/// <summary>Reads experiments, and lists those of a search. Whatever a program wrote goes as a parameter.</summary>
internal sealed class ExperimentReader(TrackerDatabase database)
{
    private const string Select = "SELECT s.id, s.name, s.external, s.created_at, s.changed_at, s.deleted_at, s.attributes, s.notes";
    private const string TagPrefix = "tags.";

    private static readonly string[] s_texts = ["=", "!=", "LIKE", "ILIKE"];
    private static readonly string[] s_numbers = ["=", "!=", "<", "<=", ">", ">="];

    private static readonly Dictionary<string, string> s_fields = new()
    {
        ["name"] = "s.name", ["experiment_id"] = "s.id", ["creation_time"] = Milliseconds("s.created_at"), ["last_update_time"] = Milliseconds("s.changed_at"),
    };

    private readonly record struct Place(Experiment Experiment, IReadOnlyList<object> Values);

    public async Task<Experiment?> FindAsync(long id, CancellationToken cancellationToken) =>
        (await database.QueryAsync($"{Select} FROM sweeps s WHERE s.id = @id AND NOT s.purging", Read, cancellationToken, ("id", id))).SingleOrDefault();

    public async Task<Experiment?> FindAsync(string name, CancellationToken cancellationToken) => (await database.QueryAsync(
        $"{Select} FROM sweeps s WHERE s.name = @name AND NOT s.purging ORDER BY s.deleted_at IS NOT NULL, NOT s.external, s.id DESC LIMIT 1", Read, cancellationToken, ("name", name))).SingleOrDefault();

    public async Task<ExperimentPage> SearchAsync(ExperimentSearch search, CancellationToken cancellationToken)
    {
        var parameters = new List<(string Name, object? Value)>();
        string Parameter(object value)
        {
            parameters.Add(($"p{parameters.Count}", value));
            return $"@{parameters[^1].Name}";
        }

        var order = OrderOf(search.Order);
        var conditions = search.Conditions.Select(c => ConditionOf(c, Parameter)).Append(PresentOf(search.Presence)).Append(After(order, search.Cursor, Parameter));
        var places = await database.QueryAsync(
            $"""
             {Select}{string.Concat(order.Select(o => $", {s_fields[o.Field]}"))} FROM sweeps s
             WHERE {string.Join(" AND ", conditions)}
             ORDER BY {string.Join(", ", order.Select(o => $"{s_fields[o.Field]} {(o.Descending ? "DESC" : "ASC")}"))} LIMIT {Parameter(search.Limit + 1L)}
             """,
            r => new Place(Read(r), [.. order.Select((_, i) => r.GetValue(8 + i))]), cancellationToken, [.. parameters]);
        if (places.Count <= search.Limit) return new([.. places.Select(p => p.Experiment)], null);
        return new([.. places.Take(search.Limit).Select(p => p.Experiment)], Encode(order, places[search.Limit - 1].Values));
    }

    /// <summary>Ties by descending id, unless that is asked for anyway.</summary>
    private static List<ExperimentOrder> OrderOf(IReadOnlyList<ExperimentOrder> wanted)
    {
        foreach (var order in wanted)
        {
            if (!s_fields.ContainsKey(order.Field))
                throw new FilterException($"Experiments are not sorted by '{order.Field}', but by name, experiment_id, creation_time or last_update_time.", 0) { Part = FilterPart.Order };
        }
        var known = wanted.DistinctBy(o => o.Field).ToList();
        if (!known.Exists(o => o.Field == "experiment_id")) known.Add(new("experiment_id", Descending: true));
        return known;
    }

    private static string ConditionOf(ExperimentCondition condition, Func<object, string> parameter)
    {
        var tag = condition.Field.StartsWith(TagPrefix, StringComparison.Ordinal) ? condition.Field[TagPrefix.Length..] : null;
        if (tag is null && condition.Field is not ("name" or "creation_time" or "last_update_time"))
            throw new FilterException($"Experiments have no field '{condition.Field}', but name, creation_time, last_update_time and tags.KEY.", 0);
        var text = tag is not null || condition.Field == "name";
        var sign = condition.Operator.ToUpperInvariant();
        if (!(text ? s_texts : s_numbers).Contains(sign))
            throw new FilterException($"'{condition.Field}' is not compared by {sign}, but by {string.Join(", ", text ? s_texts : s_numbers)}.", 0);
        if (condition.Value is not string == text) throw new FilterException($"'{condition.Field}' is compared with {(text ? "a text" : "a number of milliseconds")}.", 0);
        var left = tag is null ? s_fields[condition.Field] : tag == RunTags.Notes ? "nullif(s.notes, '')" : $"(s.attributes ->> {parameter(tag)})";
        return $"{left} {(sign == "!=" ? "<>" : sign)} {parameter(condition.Value)}{(sign.EndsWith("LIKE", StringComparison.Ordinal) ? " ESCAPE ''" : "")}";
    }

    private static string PresentOf(Presence presence) => presence switch
    {
        Presence.Active => "s.deleted_at IS NULL",
        Presence.Deleted => "s.deleted_at IS NOT NULL AND NOT s.purging",
        _ => "NOT s.purging",
    };

    /// <summary>What comes after a place: beyond it by the first field in which it differs.</summary>
    private static string After(List<ExperimentOrder> order, string? cursor, Func<object, string> parameter)
    {
        if (string.IsNullOrEmpty(cursor)) return "true";
        var values = Decode(order, cursor);
        var places = order.Select((o, i) => (Field: s_fields[o.Field], Sign: o.Descending ? "<" : ">", Value: parameter(values[i]))).ToList();
        var steps = places.Select((p, i) => string.Join(" AND ", [.. places.Take(i).Select(q => $"{q.Field} = {q.Value}"), $"{p.Field} {p.Sign} {p.Value}"]));
        return $"({string.Join(" OR ", steps.Select(s => $"({s})"))})";
    }

    private static string Encode(List<ExperimentOrder> order, IReadOnlyList<object> values) =>
        Base64Url.EncodeToString(Encoding.UTF8.GetBytes(Json.Write(order.Select(Name).Concat(values.Select(v => Convert.ToString(v, CultureInfo.InvariantCulture)!)))));

    private static object[] Decode(List<ExperimentOrder> order, string cursor)
    {
        try
        {
            var parts = Json.Read<string?[]>(Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor)));
            if (parts.Length == 2 * order.Count && parts.All(p => p is not null) && parts.Take(order.Count).SequenceEqual(order.Select(Name)))
                return [.. order.Select((o, i) => o.Field == "name" ? (object)parts[order.Count + i]! : long.Parse(parts[order.Count + i]!, CultureInfo.InvariantCulture))];
        }
        catch (Exception e) when (e is FormatException or System.Text.Json.JsonException or OverflowException)
        {
            throw NoCursor();
        }
        throw NoCursor();
    }

    private static FilterException NoCursor() =>
        new("This is no cursor of this list in this order. Pass the one of the part before, unchanged, with the same order.", 0) { Part = FilterPart.Cursor };

    private static string Name(ExperimentOrder order) => $"{order.Field}{(order.Descending ? "-" : "+")}";

    /// <summary>As programs see moments, which are not rounded.</summary>
    private static string Milliseconds(string column) => $"floor(extract(epoch FROM {column}) * 1000)::bigint";

    private static Experiment Read(NpgsqlDataReader r)
    {
        var tags = Json.Read<Dictionary<string, string>>(r.GetString(6));
        if (r.GetString(7) is { Length: > 0 } notes) tags[RunTags.Notes] = notes;
        return new(
            r.GetInt64(0), r.GetString(1), r.GetBoolean(2), r.GetFieldValue<DateTimeOffset>(3), r.GetFieldValue<DateTimeOffset>(4), r.GetNullable<DateTimeOffset>(5), tags);
    }
}
