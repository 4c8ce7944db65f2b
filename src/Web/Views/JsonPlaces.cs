using System.Text;
using System.Text.Json;

namespace Tracker.Web.Views;

/// <summary>On which line of a JSON text each of its values stands, so that a fault of a value can point there.</summary>
public sealed class JsonPlaces
{
    private readonly Dictionary<string, int> _lines = new(StringComparer.Ordinal) { [""] = 1 };

    /// <summary>Finds the values of a text; one that breaks off or is no JSON has those before the fault.</summary>
    public JsonPlaces(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip });
        try
        {
            Read(ref reader, bytes);
        }
        catch (JsonException exception)
        {
            Broken = ((int)(exception.LineNumber ?? 0) + 1, exception.Message.Split(" LineNumber", 2)[0]);
        }
    }

    /// <summary>Where and why it is no JSON; <see langword="null"/> when it is.</summary>
    public (int Line, string Reason)? Broken { get; }

    /// <summary>The line, from 1, of a path such as <c>parameters.learningRate[1]</c>; of what encloses it where it is not there.</summary>
    public int LineOf(string path)
    {
        for (var part = path; part.Length > 0; part = part[..Math.Max(0, part.LastIndexOfAny(['.', '[']))])
        {
            if (_lines.TryGetValue(part, out var line))
                return line;
        }
        return 1;
    }

    private void Read(ref Utf8JsonReader reader, byte[] bytes)
    {
        // Path of each open object or array; arrays count their values.
        var open = new Stack<(string Path, int Index)>();
        var (name, line, counted) = ("", 1, 0);
        while (reader.Read())
        {
            for (; counted < reader.TokenStartIndex; counted++)
            {
                if (bytes[counted] == '\n')
                    line++;
            }
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    name = open.Peek().Path is { Length: > 0 } parent ? $"{parent}.{reader.GetString()}" : reader.GetString()!;
                    _lines[name] = line;
                    break;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    open.Pop();
                    break;
                default:
                    var path = PathOf(open, name);
                    _lines.TryAdd(path, line);
                    if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
                        open.Push((path, reader.TokenType == JsonTokenType.StartArray ? 0 : -1));
                    break;
            }
        }
    }

    private static string PathOf(Stack<(string Path, int Index)> open, string name)
    {
        if (open.Count == 0)
            return "";
        if (open.Peek().Index < 0)
            return name;
        var (path, index) = open.Pop();
        open.Push((path, index + 1));
        return $"{path}[{index}]";
    }
}
