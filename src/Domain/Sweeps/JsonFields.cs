using System.Globalization;
using System.Text.Json;

namespace Tracker.Domain;

/// <summary>Reads the fields of one JSON object, noting every fault with its path instead of stopping at the first.</summary>
internal sealed class JsonFields
{
    private readonly Dictionary<string, JsonElement> _fields = new(StringComparer.Ordinal);
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private readonly string _prefix;
    private readonly List<SpecError> _errors;

    internal JsonFields(JsonElement element, string prefix, List<SpecError> errors)
    {
        _prefix = prefix;
        _errors = errors;
        foreach (var property in element.EnumerateObject())
        {
            if (Decode(() => property.Name) is not { } name) Fault("", "The name of a field holds half a character.");
            else if (!_fields.TryAdd(name, property.Value)) Fault(name, "appears twice.");
        }
    }

    internal void Fault(string field, string message) => _errors.Add(new(_prefix + field, message));

    internal bool Has(string field)
    {
        _known.Add(field);
        return _fields.TryGetValue(field, out var value) && value.ValueKind != JsonValueKind.Null;
    }

    /// <summary>Notes every field that nobody asked for.</summary>
    internal void RefuseUnknown()
    {
        foreach (var field in _fields.Keys.Where(f => !_known.Contains(f)))
        {
            var near = _known.MinBy(k => Distance(k, field));
            var hint = near is not null && Distance(near, field) <= 2 ? $" Did you mean '{near}'?" : $" Known fields: {string.Join(", ", _known.Order(StringComparer.Ordinal))}.";
            Fault(field, $"Unknown field '{field}'.{hint}");
        }
    }

    internal string? Text(string field)
    {
        if (!Has(field)) return null;
        if (_fields[field].ValueKind == JsonValueKind.String && Decode(_fields[field].GetString) is { } text) return text;
        Fault(field, $"Expected a text, found {Describe(_fields[field])}.");
        return null;
    }

    internal bool? Flag(string field)
    {
        if (!Has(field)) return null;
        if (_fields[field].ValueKind is JsonValueKind.True or JsonValueKind.False) return _fields[field].GetBoolean();
        Fault(field, $"Expected true or false, found {Describe(_fields[field])}.");
        return null;
    }

    /// <summary>Whether the field is a list without a value, which most lists may not be.</summary>
    internal bool IsEmptyList(string field) => Has(field) && _fields[field].ValueKind == JsonValueKind.Array && _fields[field].GetArrayLength() == 0;

    internal int? Whole(string field, int min, int max) => Has(field) ? Whole(field, _fields[field], min, max) : null;

    internal double? Number(string field, double min, double max, bool openMin = false, bool openMax = false) =>
        Has(field) ? Number(field, _fields[field], min, max, openMin, openMax) : null;

    internal IReadOnlyList<int>? Wholes(string field, int min, int max) => List(field, (path, e) => Whole(path, e, min, max));

    internal IReadOnlyList<double>? Numbers(string field, double min, double max, bool openMin = false) =>
        List(field, (path, e) => Number(path, e, min, max, openMin, openMax: false));

    internal IReadOnlyList<string>? Texts(string field) => ReferenceList(field, (path, e) =>
    {
        if (e.ValueKind == JsonValueKind.String && Decode(e.GetString) is { } text) return text;
        Fault(path, $"Expected a text, found {Describe(e)}.");
        return null;
    });

    internal JsonFields? Object(string field)
    {
        if (!Has(field)) return null;
        if (_fields[field].ValueKind == JsonValueKind.Object) return new(_fields[field], $"{_prefix}{field}.", _errors);
        Fault(field, $"Expected an object, found {Describe(_fields[field])}.");
        return null;
    }

    internal T? Choice<T>(string field, params ReadOnlySpan<(string Name, T Value)> choices) where T : struct
    {
        if (Text(field) is not { } text) return null;
        foreach (var choice in choices)
        {
            if (choice.Name == text) return choice.Value;
        }
        var names = new List<string>();
        foreach (var choice in choices) names.Add($"'{choice.Name}'");
        Fault(field, $"Expected {string.Join(" or ", names)}, found '{text}'.");
        return null;
    }

    /// <summary>What is read; <see langword="null"/> when escapes in it are half a character, which no text is.</summary>
    private static string? Decode(Func<string?> read)
    {
        try
        {
            return read();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private List<T>? List<T>(string field, Func<string, JsonElement, T?> read) where T : struct
    {
        if (Elements(field) is not { } elements) return null;
        var values = new List<T>();
        foreach (var (path, element) in elements)
        {
            if (read(path, element) is not { } value) continue;
            if (values.Contains(value)) Fault(path, $"{element.GetRawText()} appears twice.");
            else values.Add(value);
        }
        return values;
    }

    private List<T>? ReferenceList<T>(string field, Func<string, JsonElement, T?> read) where T : class =>
        Elements(field)?.Select(e => read(e.Path, e.Element)).OfType<T>().ToList();

    /// <summary>The elements of a list; a single value counts as a list of one.</summary>
    private List<(string Path, JsonElement Element)>? Elements(string field)
    {
        if (!Has(field)) return null;
        var value = _fields[field];
        if (value.ValueKind != JsonValueKind.Array) return [(field, value)];
        if (value.GetArrayLength() == 0) Fault(field, "Expected at least one value, found an empty list.");
        return [.. value.EnumerateArray().Select((e, i) => ($"{field}[{i.ToString(CultureInfo.InvariantCulture)}]", e))];
    }

    private int? Whole(string path, JsonElement element, int min, int max)
    {
        if (element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out var value) && value >= min && value <= max) return value;
        Fault(path, $"Expected a whole number from {min} to {max}, found {Describe(element)}.");
        return null;
    }

    private double? Number(string path, JsonElement element, double min, double max, bool openMin, bool openMax)
    {
        if (element.ValueKind == JsonValueKind.Number && element.TryGetDouble(out var value) && double.IsFinite(value)
            && (openMin ? value > min : value >= min) && (openMax ? value < max : value <= max)) return value;
        Fault(path, $"Expected a number {(openMin ? "above" : "from")} {Show(min)} {(openMax ? "and below" : "to")} {Show(max)}, found {Describe(element)}.");
        return null;
    }

    private static string Show(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static string Describe(JsonElement element)
    {
        var raw = element.GetRawText();
        return raw.Length <= 60 ? raw : element.ValueKind switch
        {
            JsonValueKind.Array => "a list",
            JsonValueKind.Object => "an object",
            _ => raw[..57] + "…",
        };
    }

    /// <summary>Levenshtein distance, for the hint at a misspelt field; names are short.</summary>
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0]++;
            for (var j = 1; j <= b.Length; j++)
            {
                var substitution = diagonal + (char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substitution, 1 + Math.Min(row[j - 1], diagonal));
            }
        }
        return row[b.Length];
    }
}
