using System.Text.Encodings.Web;
using System.Text.Json;
using Tracker.Domain;
using Tracker.Storage.Search;

namespace Tracker.Storage.Exports;

/// <summary>Values as texts of a file, written by Postgres.</summary>
internal static class ExportSql
{
    /// <summary>As CSV; what is missing is an empty field.</summary>
    public const string Csv = "TO STDOUT (FORMAT csv)";

    /// <summary>
    /// A column of texts as it is, a line each. FORMAT text would double each backslash; as CSV a text is only touched where
    /// it has a quote, a delimiter or the end of a line, and JSON has no control characters in it.
    /// </summary>
    public const string Lines = @"TO STDOUT (FORMAT csv, QUOTE E'\x01', DELIMITER E'\x02')";

    /// <summary>Milliseconds in UTC, as REST writes them.</summary>
    private const string TimeFormat = """YYYY-MM-DD"T"HH24:MI:SS.MS"Z" """;

    private static readonly JavaScriptEncoder s_encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    /// <summary>A field of a run in CSV.</summary>
    public static string CsvField(ColumnKind kind, string sql) => kind switch
    {
        ColumnKind.Text => Harmless(sql),
        ColumnKind.Texts => Harmless($"nullif(array_to_string({sql}, '; '), '')"),
        ColumnKind.Time => Time(sql),
        _ => sql,
    };

    /// <summary>A text that no spreadsheet takes for a formula.</summary>
    public static string Harmless(string sql) => $@"regexp_replace({sql}, '^([-=+@\t\r])', '''\1')";

    /// <summary>A field of a run in JSON.</summary>
    public static string JsonField(ColumnKind kind, string sql) => kind switch
    {
        ColumnKind.Whole => $"coalesce(({sql})::text, 'null')",
        ColumnKind.Real => JsonReal(sql),
        ColumnKind.Time => $"coalesce('\"' || {Time(sql)} || '\"', 'null')",
        _ => $"coalesce(to_json({sql})::text, 'null')",
    };

    /// <summary>A number in JSON, which has neither NaN nor infinities.</summary>
    public static string JsonReal(string sql) => $"coalesce(nullif(nullif(nullif({sql}, 'NaN'), 'Infinity'), '-Infinity')::text, 'null')";

    /// <summary>What stands before a value in JSON: the name, and what separates it from the value before.</summary>
    public static string JsonName(FilterField field, bool first) => $"{(first ? '{' : ',')}\"{JsonEncodedText.Encode(field.Name, s_encoder)}\":";

    private static string Time(string sql) => $"to_char(({sql}) AT TIME ZONE 'UTC', '{TimeFormat.TrimEnd()}')";
}
