using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.Options;
using Tracker.Domain;

namespace Tracker.Web.Api;

/// <summary>A JSON object as the body of a request. Every fault is told at once, with its field: unknown, missing, of the wrong type.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1000:Do not declare static members on generic types", Justification = "Binding finds these by their names.")]
public sealed record JsonBody<T>(T Value) : IEndpointParameterMetadataProvider where T : class
{
    /// <exception cref="SpecificationException">The body has faults.</exception>
    public static async ValueTask<JsonBody<T>?> BindAsync(HttpContext context)
    {
        var options = context.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        return new(JsonObjectReader.Read<T>(await RequestText.ReadAsync(context), options));
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new AcceptsMetadata(["application/json"], typeof(T)));
}

/// <summary>Reads a flat JSON object into a record, noting every fault instead of stopping at the first.</summary>
internal static class JsonObjectReader
{
    internal static T Read<T>(string json, JsonSerializerOptions options) where T : class
    {
        using var document = Parse(json);
        if (document.RootElement.ValueKind != JsonValueKind.Object)
            throw new SpecificationException([new("", "Expected a JSON object.")]);
        var known = options.GetTypeInfo(typeof(T)).Properties.ToDictionary(p => p.Name, StringComparer.Ordinal);
        var errors = new List<SpecError>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var field in document.RootElement.EnumerateObject())
        {
            if (NameOf(field) is not { } name) errors.Add(new("", "The name of a field holds half a character."));
            else if (!seen.Add(name)) errors.Add(new(name, "appears twice."));
            else if (!known.TryGetValue(name, out var property)) errors.Add(new(name, $"Unknown field '{name}'. Known fields: {string.Join(", ", known.Keys)}."));
            else if (!Fits(field.Value, property, options)) errors.Add(new(name, $"Expected {Describe(property.PropertyType, options)}, found {Show(field.Value)}."));
        }
        errors.AddRange(known.Values.Where(p => p.IsRequired && !seen.Contains(p.Name)).Select(p => new SpecError(p.Name, "Required.")));
        return errors.Count == 0 ? document.RootElement.Deserialize<T>(options)! : throw new SpecificationException(errors);
    }

    private static JsonDocument Parse(string json)
    {
        try
        {
            return JsonDocument.Parse(json);
        }
        catch (JsonException e)
        {
            throw new SpecificationException([new("", $"This is no JSON: line {e.LineNumber + 1}, position {e.BytePositionInLine + 1}.")]);
        }
    }

    /// <summary>A field's name; <see langword="null"/> when escapes in it are half a character, which no text is.</summary>
    private static string? NameOf(JsonProperty field)
    {
        try
        {
            return field.Name;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static bool Fits(JsonElement value, JsonPropertyInfo property, JsonSerializerOptions options)
    {
        if (value.ValueKind == JsonValueKind.Null) return !property.IsRequired;
        try
        {
            return value.Deserialize(property.PropertyType, options) is not System.Collections.IEnumerable list || list.Cast<object?>().All(e => e is not null);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static string Describe(Type type, JsonSerializerOptions options)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        if (plain.IsEnum) return "one of " + string.Join(", ", Enum.GetValues(plain).Cast<object>().Select(v => JsonSerializer.Serialize(v, plain, options)));
        if (plain == typeof(string)) return "a text";
        if (plain == typeof(bool)) return "true or false";
        if (plain == typeof(int) || plain == typeof(long)) return "a whole number";
        return plain.IsAssignableTo(typeof(IEnumerable<string>)) ? "a list of texts" : "another value";
    }

    private static string Show(JsonElement value)
    {
        var raw = value.GetRawText();
        return raw.Length <= 60 ? raw : raw[..57] + "…";
    }
}
