namespace Tracker.Web.Api;

/// <summary>Types of answers that are text.</summary>
internal static class TextType
{
    /// <summary>The type with its character set: many clients take a text that does not state one for Latin-1, and "±" for "Â±".</summary>
    public static string Utf8(string mediaType) => $"{mediaType}; charset=utf-8";
}
