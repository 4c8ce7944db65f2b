using Npgsql;

namespace Tracker.Storage.Database;

/// <summary>What Npgsql's commands and readers are used for again and again.</summary>
internal static class CommandExtensions
{
    public static void AddParameters(this NpgsqlCommand command, IEnumerable<(string Name, object? Value)> parameters)
    {
        foreach (var (name, value) in parameters) command.Parameters.AddWithValue(name, TextValues.Clean(value) ?? DBNull.Value);
    }

    public static async Task<List<T>> ReadAllAsync<T>(this NpgsqlCommand command, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        var rows = new List<T>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken)) rows.Add(read(reader));
        return rows;
    }

    /// <summary>The column's value, or the default (null for nullable types) when it is NULL.</summary>
    public static T? GetOrDefault<T>(this NpgsqlDataReader reader, int ordinal) => reader.IsDBNull(ordinal) ? default : reader.GetFieldValue<T>(ordinal);

    public static T? GetNullable<T>(this NpgsqlDataReader reader, int ordinal) where T : struct => reader.IsDBNull(ordinal) ? null : reader.GetFieldValue<T>(ordinal);

    public static T GetEnum<T>(this NpgsqlDataReader reader, int ordinal) where T : struct, Enum => Enum.Parse<T>(reader.GetString(ordinal));
}
