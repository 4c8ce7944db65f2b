using System.Text;
using System.Text.RegularExpressions;
using Tracker.Domain;

namespace Tracker.Web.Api;

/// <summary>Reads a JSON body as text, up to a limit.</summary>
public static partial class RequestText
{
    public const int MaxBytes = 1024 * 1024;
    private static readonly UTF8Encoding s_strictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="BadHttpRequestException">The body is too large or not declared as JSON.</exception>
    /// <exception cref="SpecificationException">The body is no UTF-8, or has a NUL character in a text.</exception>
    public static async Task<string> ReadAsync(HttpContext context)
    {
        if (!context.Request.HasJsonContentType())
            throw new BadHttpRequestException("Send the body as 'Content-Type: application/json'.", StatusCodes.Status415UnsupportedMediaType);
        if (context.Request.Headers.ContentEncoding.ToString() is { Length: > 0 } encoding && !encoding.Equals("identity", StringComparison.OrdinalIgnoreCase))
            throw new BadHttpRequestException($"Send the body as it is, without 'Content-Encoding: {encoding}'.", StatusCodes.Status415UnsupportedMediaType);
        if (context.Request.ContentLength > MaxBytes) throw TooLarge();
        using var buffer = new MemoryStream();
        var chunk = new byte[16 * 1024];
        for (int read; (read = await context.Request.Body.ReadAsync(chunk, context.RequestAborted)) > 0;)
        {
            if (buffer.Length + read > MaxBytes)
                throw TooLarge();
            buffer.Write(chunk, 0, read);
        }
        try
        {
            var text = s_strictUtf8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
            return EscapedNul().IsMatch(text) ? throw new SpecificationException([new("", @"A text has no NUL character (\u0000).")]) : text;
        }
        catch (DecoderFallbackException)
        {
            throw new SpecificationException([new("", "The body is no UTF-8 text.")]);
        }
    }

    private static BadHttpRequestException TooLarge() => new($"The body is larger than {MaxBytes} bytes.", StatusCodes.Status413PayloadTooLarge);

    // Behind an odd number of backslashes: behind an even one they stand for themselves.
    [GeneratedRegex(@"(?<!\\)(\\\\)*\\u0000", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex EscapedNul();
}
