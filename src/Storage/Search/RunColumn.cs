using Npgsql;

namespace Tracker.Storage.Search;

/// <summary>What a column of a query holds.</summary>
internal enum ColumnKind
{
    Whole,
    Real,
    Text,
    Time,

    /// <summary>An array of texts.</summary>
    Texts,
}

/// <summary>Where the values of a field come from.</summary>
/// <param name="Kind">What it holds.</param>
/// <param name="Sql">The expression; NULL for a run that lacks the field.</param>
/// <param name="Nullable">Whether a run can lack it.</param>
internal sealed record RunColumn(ColumnKind Kind, Func<RunSql, string> Sql, bool Nullable = true)
{
    /// <summary>Another column to sort by.</summary>
    public RunColumn? Order { get; init; }

    /// <summary>The values as numbers, where they are read faster than from their texts; NULL for a text that is none.</summary>
    public Func<RunSql, string>? Number { get; init; }

    /// <summary>Whether a value can be NaN, which Postgres takes for the largest number.</summary>
    public bool MayBeNaN { get; init; }

    /// <summary>The expression as it is read: whole numbers all of one size.</summary>
    public static string Selected(ColumnKind kind, string sql) => kind == ColumnKind.Whole ? $"({sql})::bigint" : sql;

    /// <summary>A value from a row.</summary>
    public static object? Read(ColumnKind kind, NpgsqlDataReader reader, int ordinal) => reader.IsDBNull(ordinal) ? null : kind switch
    {
        ColumnKind.Whole => reader.GetInt64(ordinal),
        ColumnKind.Real => reader.GetDouble(ordinal),
        ColumnKind.Time => reader.GetFieldValue<DateTimeOffset>(ordinal),
        ColumnKind.Texts => reader.GetFieldValue<string[]>(ordinal),
        _ => reader.GetString(ordinal),
    };
}
