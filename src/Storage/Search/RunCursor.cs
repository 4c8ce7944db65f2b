using System.Buffers.Text;
using System.Globalization;
using System.Text.Json;
using Npgsql;
using Tracker.Domain;

namespace Tracker.Storage.Search;

/// <summary>Where a run stands among all: numbers before NaN before runs that lack the field, whatever the direction.</summary>
internal enum RunRank
{
    Value,
    NaN,
    Missing,
}

/// <summary>Where a run stands in one key of an order.</summary>
/// <param name="Rank">Whether there is a value.</param>
/// <param name="Value">The value as text; empty without one.</param>
internal sealed record RunPlaceKey(RunRank Rank, string Value)
{
    public static RunPlaceKey Of(object? value) => value switch
    {
        null => new(RunRank.Missing, ""),
        double.NaN => new(RunRank.NaN, ""),
        double real => new(RunRank.Value, real.ToString("R", CultureInfo.InvariantCulture)),
        long whole => new(RunRank.Value, whole.ToString(CultureInfo.InvariantCulture)),
        DateTimeOffset time => new(RunRank.Value, time.UtcTicks.ToString(CultureInfo.InvariantCulture)),
        string text => new(RunRank.Value, text),
        _ => throw new ArgumentOutOfRangeException(nameof(value), value.GetType(), "Lists are not sorted by such values."),
    };

    /// <summary>The value; <see langword="null"/> when it is not of this kind.</summary>
    public object? Read(ColumnKind kind) => kind switch
    {
        ColumnKind.Real => double.TryParse(Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var real) ? real : null,
        ColumnKind.Whole => long.TryParse(Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? whole : null,
        ColumnKind.Time => long.TryParse(Value, NumberStyles.None, CultureInfo.InvariantCulture, out var ticks) && ticks <= DateTimeOffset.MaxValue.UtcTicks
            ? new DateTimeOffset(ticks, TimeSpan.Zero) : null,
        _ => IsText(Value) ? Value : null,
    };

    /// <summary>Half a character and NUL are in no text of the database, which refuses them.</summary>
    private static bool IsText(string value)
    {
        for (var i = 0; i < value.Length; i++)
        {
            if (char.IsHighSurrogate(value[i]) && i + 1 < value.Length && char.IsLowSurrogate(value[i + 1])) i++;
            else if (value[i] == '\0' || char.IsSurrogate(value[i])) return false;
        }
        return true;
    }
}

/// <summary>
/// Where a part of a list ended: the values by which it is sorted, the id among them. It names a place, not a count, so that new runs neither
/// repeat nor hide others.
/// </summary>
/// <param name="Places">One for each key of the order.</param>
internal sealed record RunCursor(IReadOnlyList<RunPlaceKey> Places)
{
    private const int MaxLength = 20_000;

    /// <summary>The place of a row, whose keys begin at a column.</summary>
    public static RunCursor Read(RunOrderSql order, NpgsqlDataReader reader, int ordinal) =>
        new([.. order.Kinds.Select((kind, i) => RunPlaceKey.Of(RunColumn.Read(kind, reader, ordinal + i)))]);

    public string Encode(RunOrderSql order) =>
        Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(Places.SelectMany(p => new[] { $"{(int)p.Rank}", p.Value }).Prepend(order.Signature)));

    /// <exception cref="FilterException">The text is no cursor of this order.</exception>
    public static RunCursor? Decode(string? text, RunOrderSql order)
    {
        if (string.IsNullOrEmpty(text)) return null;
        if (text.Length <= MaxLength && Base64Url.IsValid(text) && Parts(Base64Url.DecodeFromChars(text)) is { } parts
            && parts.Length == 1 + (2 * order.Kinds.Count) && parts[0] == order.Signature)
        {
            var places = new List<RunPlaceKey>();
            for (var i = 1; i < parts.Length; i += 2)
            {
                if (Enum.TryParse<RunRank>(parts[i], out var rank) && Enum.IsDefined(rank) && new RunPlaceKey(rank, parts[i + 1]) is var place
                    && (rank != RunRank.Value || place.Read(order.Kinds[places.Count]) is not null)) places.Add(place);
            }
            if (places.Count == order.Kinds.Count) return new(places);
        }
        throw new FilterException("This is no cursor of this list in this order. Pass the one of the part before, unchanged, with the same order.", 0)
        {
            Part = FilterPart.Cursor,
        };
    }

    private static string[]? Parts(byte[] bytes)
    {
        try
        {
            return JsonSerializer.Deserialize<string[]>(bytes) is { } parts && parts.All(p => p is not null) ? parts : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
