using System.Text.Json;
using System.Text.Json.Serialization;
using Npgsql;
using Tracker.Storage.Database;
using Tracker.Storage.Requests;

namespace Tracker.Storage.Auditing;

/// <inheritdoc cref="IAudit" />
internal sealed class AuditLog(TrackerDatabase database) : IAudit
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(), new CleanTextConverter() }, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>Adds an entry on a connection, in its transaction if it has one, and marks the key of the request, if that has one.</summary>
    internal static async Task InsertAsync(AuditEntry entry, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var who = Actor.Current ?? Actor.System;
        await using var command = new NpgsqlCommand(
            """
            INSERT INTO audit_log (user_id, user_name, via, token, address, action, object_kind, object_id, object_name, before, after)
            VALUES (@user, @name, @via, @token, @address, @action, @kind, @id, @object, @before::jsonb, @after::jsonb)
            """, connection);
        command.AddParameters(
        [
            ("user", who.UserId), ("name", who.Name), ("via", who.Via.ToString()), ("token", who.Token), ("address", who.Address), ("action", entry.Action),
            ("kind", entry.ObjectKind), ("id", entry.ObjectId), ("object", entry.ObjectName), ("before", Write(entry.Before)), ("after", Write(entry.After)),
        ]);
        await command.ExecuteNonQueryAsync(cancellationToken);
        await RequestKeys.MarkAsync(entry, connection, cancellationToken);
    }

    public Task RecordAsync(AuditEntry entry, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(entry);
        ArgumentNullException.ThrowIfNull(connection);
        return InsertAsync(entry, connection, cancellationToken);
    }

    public async Task RecordAsync(AuditEntry entry, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(entry);
        await using var connection = await database.OpenAsync(cancellationToken);
        await InsertAsync(entry, connection, cancellationToken);
    }

    public async Task<IReadOnlyList<AuditRecord>> ReadAsync(AuditFilter filter, int limit, long? beforeId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var (conditions, parameters) = Conditions(filter, beforeId);
        return await database.QueryAsync(
            $"""
            SELECT id, at, user_id, user_name, via, token, address, action, object_kind, object_id, object_name, before::text, after::text
            FROM audit_log {(conditions.Count > 0 ? "WHERE " : "")}{string.Join(" AND ", conditions)} ORDER BY id DESC LIMIT @limit
            """, Read, cancellationToken, [.. parameters, ("limit", limit)]);
    }

    private static (List<string> Conditions, List<(string Name, object? Value)> Parameters) Conditions(AuditFilter filter, long? beforeId)
    {
        var conditions = new List<string>();
        var parameters = new List<(string Name, object? Value)>();
        void Add(string name, object? value, string condition)
        {
            if (value is null) return;
            conditions.Add(condition);
            parameters.Add((name, value));
        }

        Add("before", beforeId, "id < @before");
        Add("user", filter.User, "lower(user_name) = lower(@user)");
        Add("action", filter.Action, "(action = @action OR starts_with(action, @action || '.'))");
        Add("kind", filter.ObjectKind, "object_kind = @kind");
        Add("object", filter.ObjectId, "(object_id = @object OR after->'runs' @> to_jsonb(@object))");
        Add("from", filter.From, "at >= @from");
        Add("until", filter.Until, "at < @until");
        return (conditions, parameters);
    }

    private static AuditRecord Read(NpgsqlDataReader r) => new(
        r.GetInt64(0), r.GetFieldValue<DateTimeOffset>(1),
        new(r.GetNullable<long>(2), r.GetString(3), r.GetEnum<ActorVia>(4)) { Token = r.GetOrDefault<string>(5), Address = r.GetOrDefault<string>(6) },
        r.GetString(7), r.GetString(8), r.GetNullable<long>(9), r.GetOrDefault<string>(10), r.GetOrDefault<string>(11), r.GetOrDefault<string>(12));

    private static string? Write(object? value) => value is null ? null : JsonSerializer.Serialize(value, s_json);
}
