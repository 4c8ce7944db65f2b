using System.Text;
using Tracker.Domain;

namespace Tracker.Web.Api;

/// <summary>Reads a JSON body as text, up to a limit.</summary>
public static class RequestText
{
    public const int MaxBytes = 1024 * 1024;
    private static readonly UTF8Encoding s_strictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="BadHttpRequestException">The body is too large or not declared as JSON.</exception>
    /// <exception cref="SpecificationException">The body is no UTF-8.</exception>
    public static async Task<string> ReadAsync(HttpContext context)
    {
        if (!context.Request.HasJsonContentType())
            throw new BadHttpRequestException("Send the body as 'Content-Type: application/json'.", StatusCodes.Status415UnsupportedMediaType);
        using var buffer = new MemoryStream();
        var chunk = new byte[16 * 1024];
        for (int read; (read = await context.Request.Body.ReadAsync(chunk, context.RequestAborted)) > 0;)
        {
            if (buffer.Length + read > MaxBytes)
                throw new BadHttpRequestException($"The body is larger than {MaxBytes} bytes.", StatusCodes.Status413PayloadTooLarge);
            buffer.Write(chunk, 0, read);
        }
        try
        {
            return s_strictUtf8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
        }
        catch (DecoderFallbackException)
        {
            throw new SpecificationException([new("", "The body is no UTF-8 text.")]);
        }
    }
}
