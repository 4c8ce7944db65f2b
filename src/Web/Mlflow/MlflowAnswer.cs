using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Tracker.Web.Mlflow;

/// <summary>Writes answers: an object of JSON, with its length and in one piece, so that no client waits for the rest.</summary>
internal static class MlflowAnswer
{
    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes an object whose members the caller writes.</summary>
    public static async Task WriteAsync(HttpContext context, Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        await using (var json = new Utf8JsonWriter(buffer, s_options))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = buffer.WrittenCount;
        await context.Response.BodyWriter.WriteAsync(buffer.WrittenMemory, context.RequestAborted);
    }

    /// <summary>Writes a long object in pieces, as its caller flushes them: memory does not grow with it.</summary>
    public static Utf8JsonWriter Begin(HttpContext context)
    {
        context.Response.ContentType = "application/json";
        return new(context.Response.BodyWriter, s_options);
    }

    /// <summary>Writes <c>{}</c>.</summary>
    public static Task EmptyAsync(HttpContext context) => WriteAsync(context, _ => { });
}
