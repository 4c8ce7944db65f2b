using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Unicode;
using Tracker.Domain;

namespace Tracker.Storage.Search;

/// <summary>Where a run stands among all: numbers before NaN before runs that lack the field, whatever the direction.</summary>
internal enum RunRank
{
    Value,
    NaN,
    Missing,
}

/// <summary>
/// Where a part of a list ended: the value by which it is sorted, and the id. It names a place, not a count, so that new runs neither repeat
/// nor hide others.
/// </summary>
/// <param name="Rank">Whether there is a value.</param>
/// <param name="Value">The value as text; empty without one.</param>
/// <param name="Id">The run.</param>
internal sealed record RunCursor(RunRank Rank, string Value, long Id)
{
    private const int MaxLength = 20_000;
    private const char Separator = '\n';

    public static RunCursor After(object? value, long id) => value switch
    {
        null => new(RunRank.Missing, "", id),
        double.NaN => new(RunRank.NaN, "", id),
        double real => new(RunRank.Value, real.ToString("R", CultureInfo.InvariantCulture), id),
        long whole => new(RunRank.Value, whole.ToString(CultureInfo.InvariantCulture), id),
        DateTimeOffset time => new(RunRank.Value, time.UtcTicks.ToString(CultureInfo.InvariantCulture), id),
        string text => new(RunRank.Value, text, id),
        _ => throw new ArgumentOutOfRangeException(nameof(value), value.GetType(), "Lists are not sorted by such values."),
    };

    public string Encode(FilterField field, bool descending) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(
        string.Join(Separator, field.Name.Replace(Separator, ' '), descending, (int)Rank, Id.ToString(CultureInfo.InvariantCulture), Value)));

    /// <exception cref="FilterException">The text is no cursor of this order.</exception>
    public static RunCursor? Decode(string? text, FilterField field, bool descending, ColumnKind kind)
    {
        if (string.IsNullOrEmpty(text)) return null;
        if (text.Length <= MaxLength && Base64Url.IsValid(text) && Base64Url.DecodeFromChars(text) is var bytes && Utf8.IsValid(bytes))
        {
            var parts = Encoding.UTF8.GetString(bytes).Split(Separator, 5);
            if (parts.Length == 5 && parts[0] == field.Name.Replace(Separator, ' ') && parts[1] == descending.ToString()
                && Enum.TryParse<RunRank>(parts[2], out var rank) && Enum.IsDefined(rank)
                && long.TryParse(parts[3], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var id)
                && new RunCursor(rank, parts[4], id) is var cursor && (rank != RunRank.Value || cursor.Read(kind) is not null)) return cursor;
        }
        throw new FilterException("This is no cursor of this list in this order. Pass the one of the part before, unchanged, with the same order.", 0)
        {
            Part = FilterPart.Cursor,
        };
    }

    /// <summary>The value; <see langword="null"/> when it is not of this kind.</summary>
    public object? Read(ColumnKind kind) => kind switch
    {
        ColumnKind.Real => double.TryParse(Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var real) ? real : null,
        ColumnKind.Whole => long.TryParse(Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? whole : null,
        ColumnKind.Time => long.TryParse(Value, NumberStyles.None, CultureInfo.InvariantCulture, out var ticks) && ticks <= DateTimeOffset.MaxValue.UtcTicks
            ? new DateTimeOffset(ticks, TimeSpan.Zero) : null,
        _ => Value.Contains('\0', StringComparison.Ordinal) ? null : Value,
    };
}
